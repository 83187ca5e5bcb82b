import { boundsOf, meanBoundsOf } from '../../../sim/experiment/bounds-of';
import { cellNamed } from '../../../sim/experiment/cells';
import { type Experiment, runCell } from '../../../sim/experiment/experiment';
import { tiny } from './tiny-scenario';

const fleet = { planner: 1, writer: 3 };
const experiment: Experiment = {
  scenario: tiny,
  seeds: [1],
  fleets: { peak: fleet, p99: fleet, p95: fleet, mean: { planner: 1, writer: 1 }, best: fleet, isocost: fleet },
  scalings: { tracking: {}, clairvoyant: {} },
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

test('components that use what others leave of an instance bound the cost by what they share, not by the sum', () => {
  const hosted = (name: 'planner' | 'writer', accelerators: number, vcpus: number) => {
    const model = tiny.world.components[name]!;
    if (model.kind !== 'inference-component') throw new Error(`${name} is an inference component`);
    return { ...model, needs: { accelerators, vcpus, memoryMiB: 65_536 } };
  };
  const components = { ...tiny.world.components, planner: hosted('planner', 0, 16), writer: hosted('writer', 2, 16) };
  const mixed = { ...tiny, world: { ...tiny.world, components } };
  const both = boundsOf(mixed, 1);
  const costUsd = (writer: number) => {
    const fleets = { ...experiment.fleets, best: { planner: 1, writer } };
    return runCell({ ...experiment, scenario: mixed, fleets }, cellNamed('static@best'), 1).row.costUsd;
  };
  // An instance holds a copy of each.
  expect(costUsd(1)).toBeCloseTo(1.2 * 10.3576, 1);
  expect(both.capacityUsd).toBeLessThanOrEqual(costUsd(1));
  // In some minutes it takes two writers.
  expect(both.startUpUsd).toBeLessThanOrEqual(costUsd(2));
});

test('how requests are routed, and how many copies there are, bounds nothing', () => {
  const components = Object.entries(tiny.world.components).map(([name, model]) => [
    name,
    model.kind === 'tool'
      ? model
      : { ...model, routing: 'RANDOM' as const, scaling: { ...model.scaling, maxCopies: 1 } },
  ]);
  expect(boundsOf({ ...tiny, world: { ...tiny.world, components: Object.fromEntries(components) } }, 1)).toEqual(
    bounds,
  );
});

test('the bounds of several seeds are the means of theirs', () => {
  const [first, second] = [bounds, boundsOf(tiny, 2)];
  const both = meanBoundsOf(tiny, [1, 2]);
  expect(both.p95Ms).toBeCloseTo((first.p95Ms + second.p95Ms) / 2, 6);
  expect(both.startUpUsd).toBeCloseTo((first.startUpUsd + second.startUpUsd) / 2, 6);
});
