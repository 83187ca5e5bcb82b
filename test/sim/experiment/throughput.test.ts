import { cellNamed } from '../../../sim/experiment/cells';
import { type Experiment, runCell } from '../../../sim/experiment/experiment';
import type { FixedCopies } from '../../../sim/experiment/fixed-copies';
import type { Scenario } from '../../../sim/experiment/scenario';
import { sustainableRps, throughputRows } from '../../../sim/experiment/throughput';
import { tiny } from './tiny-scenario';

const { spikes: _spikes, ...calm } = tiny.workload;

/** An objective that a request alone is far from: what is missed is missed by the load. */
const scenario: Scenario = {
  ...tiny,
  objective: { p95Ms: 30_000 },
  trainingDays: 0.005,
  workload: { ...calm, days: 0.015 },
};

function experimentOf(fleet: FixedCopies, on: Scenario = scenario, seeds = [1]): Experiment {
  const fleets = { peak: fleet, p99: fleet, p95: fleet, mean: fleet, best: fleet, isocost: fleet };
  return { scenario: on, seeds, fleets, isFull: false, seriesPoints: 1 };
}

const small = experimentOf({ planner: 1, writer: 2 });

test('the rate that is found is sustained by every seed, and half as much again is not', async () => {
  const seeds = [1, 2];
  const fleet = { planner: 1, writer: 2 };
  const rps = await sustainableRps(experimentOf(fleet, scenario, seeds), 'static@isocost');
  const attainmentsAt = (meanRatePerSecond: number) => {
    const on = experimentOf(fleet, { ...scenario, workload: { ...scenario.workload, meanRatePerSecond } }, seeds);
    return seeds.map((seed) => runCell(on, cellNamed('static@isocost'), seed).row.attainment);
  };
  expect(rps).toBeGreaterThan(0);
  expect(Math.min(...attainmentsAt(rps))).toBeGreaterThanOrEqual(0.95);
  expect(Math.min(...attainmentsAt(1.5 * rps))).toBeLessThan(0.95);
});

test('a larger fleet sustains more, and what scales gets no more instances than the static one has', async () => {
  const large = experimentOf({ planner: 2, writer: 4 });
  const [few, many] = [await sustainableRps(small, 'static@isocost'), await sustainableRps(large, 'static@isocost')];
  expect(many).toBeGreaterThan(1.5 * few);
  expect(await sustainableRps(small, 'modular parallel')).toBeLessThanOrEqual(1.1 * few);
});

test('an objective that not even a tenth of the load meets sustains nothing', async () => {
  const impossible = experimentOf(small.fleets.isocost, { ...scenario, objective: { p95Ms: 100 } });
  expect(await sustainableRps(impossible, 'static@isocost')).toBe(0);
});

test('throughput is shown beside the first cell', () => {
  const rates = [
    { cell: 'static sequential', rps: 2 },
    { cell: 'modular', rps: 5 },
  ];
  expect(throughputRows(rates).map(({ ratio }) => ratio)).toEqual([1, 2.5]);
  expect(throughputRows([{ cell: 'static sequential', rps: 0 }, rates[1]!]).map(({ ratio }) => ratio)).toEqual([0, 0]);
});
