import { boundsOf } from '../../../sim/experiment/bounds-of';
import { cellNamed } from '../../../sim/experiment/cells';
import { type Experiment, runCell } from '../../../sim/experiment/experiment';
import { tiny } from './tiny-scenario';

const fleet = { planner: 1, writer: 3 };
const experiment: Experiment = {
  scenario: tiny,
  seeds: [1],
  fleets: { peak: fleet, p99: fleet, p95: fleet, mean: { planner: 1, writer: 1 }, best: fleet, isocost: fleet },
  isFull: false,
  seriesPoints: 1,
};

const bounds = boundsOf(tiny, 1);
const row = (cell: string) => runCell(experiment, cellNamed(cell), 1).row;

test('each lower bound of the cost is at least the one that leaves more out', () => {
  expect(bounds.workUsd).toBeGreaterThan(0);
  expect(bounds.workUsd).toBeLessThanOrEqual(bounds.capacityUsd);
  expect(bounds.capacityUsd).toBeLessThanOrEqual(bounds.startUpUsd);
});

test('no cell that meets the objective costs less than the bounds, and the clairvoyant one does not either', () => {
  const rows = ['static@best', 'modular parallel', 'hpa', 'oracle'].map(row);
  const meeting = rows.filter(({ p95Ms, cell }) => cell === 'oracle' || p95Ms! <= tiny.objective.p95Ms);
  expect(meeting.length).toBeGreaterThanOrEqual(2);
  for (const { costUsd } of meeting) expect(costUsd).toBeGreaterThanOrEqual(bounds.startUpUsd);
});

test('no cell is faster than requests that never meet another', () => {
  for (const cell of ['static parallel', 'static sequential', 'static@mean', 'modular parallel', 'hpa']) {
    expect(row(cell).p95Ms ?? Infinity).toBeGreaterThanOrEqual(bounds.p95Ms);
  }
});

test('more load costs more, whatever serves it', () => {
  const heavier = { ...tiny, workload: { ...tiny.workload, meanRatePerSecond: 0.2 } };
  expect(boundsOf(heavier, 1).workUsd).toBeGreaterThan(1.5 * bounds.workUsd);
});
