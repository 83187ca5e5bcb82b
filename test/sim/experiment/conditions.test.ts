import { cellNamed } from '../../../sim/experiment/cells';
import { conditionsOf } from '../../../sim/experiment/conditions';
import { type CellRun, type Experiment, runCell } from '../../../sim/experiment/experiment';
import type { ResultRow } from '../../../sim/experiment/result';
import { tiny } from './tiny-scenario';

const fleet = { planner: 1, writer: 2 };
const experiment: Experiment = {
  scenario: tiny,
  seeds: [1, 2],
  fleets: { peak: fleet, p99: fleet, p95: fleet, mean: fleet, best: fleet, isocost: fleet },
  isFull: false,
  seriesPoints: 1,
};
const codes = ['c0de'];

function rowOf(cell: string, seed: number, rest: Partial<ResultRow> = {}): ResultRow {
  const latencies = { p50Ms: 1, p95Ms: 2, p99Ms: 3 };
  const counts = { requests: 100, errors: 0, throughputRps: 1, coldShare: 0, attainment: 1, instanceHours: 1 };
  return { cell, seed, ...latencies, ...counts, costUsd: 10, ...rest };
}

const ROWS = ['modular', 'static@isocost', 'static@best'].flatMap((cell) => [1, 2].map((seed) => rowOf(cell, seed)));

const runsOf = (rows: readonly ResultRow[]): CellRun[] =>
  rows.map((row) => ({
    row,
    requests: `fingerprint ${row.seed}`,
    configuration: 'c0ffee',
    due: 100,
    misworked: 0,
    warmAtStart: { planner: 1, writer: 1 },
    p95Parts: { queueMs: 0, serviceMs: 0, coldMs: 0, retryMs: 0, orchestrationMs: 0 },
  }));

/** Names of those that do not hold. */
function violated({ on = experiment, rows = ROWS, runs = runsOf(rows), by = codes } = {}): string[] {
  return conditionsOf(on, runs, rows, by).flatMap(({ name, holds }) => (holds ? [] : [name]));
}

test('all hold in an experiment as it should be, and say what was compared', () => {
  const conditions = conditionsOf(experiment, runsOf(ROWS), ROWS, codes);
  expect(conditions.filter(({ holds }) => !holds)).toEqual([]);
  expect(conditions.map(({ value }) => value)).toEqual(
    expect.arrayContaining([
      'fingerprint 1',
      '100 requests of the first seed; no run lost or added any',
      'c0ffee',
      'c0de',
      'planner, writer; none began cold',
    ]),
  );
});

test('one run with other requests than the rest of its seed is found, whichever seed it is', () => {
  const runs = runsOf(ROWS).map((run) =>
    run.row.seed === 2 && run.row.cell === 'modular' ? { ...run, requests: 'tampered' } : run,
  );
  expect(violated({ runs })).toEqual([expect.stringContaining('every cell of a seed gets the same requests')]);
});

test('one run of another configuration, one with work left out, and code that changed meanwhile are found', () => {
  const changed = (rest: Partial<CellRun>) => runsOf(ROWS).map((run, at) => (at === 3 ? { ...run, ...rest } : run));
  expect(violated({ runs: changed({ configuration: 'other' }) })).toEqual([
    expect.stringContaining('what ran had the same agent'),
  ]);
  expect(violated({ runs: changed({ misworked: 1 }) })).toEqual([expect.stringContaining('exactly the work')]);
  expect(violated({ by: ['c0de', 'c0de2'] })).toEqual([expect.stringContaining('same code')]);
});

test('a cell that dropped a request is found', () => {
  const rows = ROWS.map((row) => (row.cell === 'modular' && row.seed === 2 ? { ...row, requests: 99 } : row));
  expect(violated({ rows })).toEqual([expect.stringContaining('every request that came in the scored span counts')]);
});

test('a request that every run leaves out alike is missed all the same', () => {
  const rows = ROWS.map((row) => ({ ...row, requests: 99 }));
  expect(violated({ rows })).toEqual([expect.stringContaining('every request that came in the scored span counts')]);
});

test('equal spend is violated by more than one instance, whichever side spends more, and says by how much', () => {
  // Of a span of 1.2 hours on one instance type: 12.43 USD for one instance.
  const spending = (costUsd: number) =>
    ROWS.map((row) => ({ ...row, costUsd: row.cell === 'modular' ? costUsd : 100 }));
  const name = 'at equal spend, both sides spend the same to within one instance';
  expect(violated({ rows: spending(112) })).toEqual([]);
  expect(violated({ rows: spending(88) })).toEqual([]);
  expect(violated({ rows: spending(113) })).toEqual([name]);
  expect(violated({ rows: spending(87) })).toEqual([name]);
  const [condition] = conditionsOf(experiment, runsOf(ROWS), spending(83), codes).filter((each) => each.name === name);
  expect(condition!.value).toBe('modular spends 17.0 % less than static; one instance is 12.4 %');
});

test('a static fleet beyond the copies of a component, or the instances of a fleet, is named', () => {
  const name = 'no static fleet has more copies or instances than what scales may have';
  const limited = (best: Record<string, number>) => ({ ...experiment, fleets: { ...experiment.fleets, best } });
  expect(violated({ on: limited({ planner: 1, writer: 15 }) })).toEqual([]);
  expect(violated({ on: limited({ planner: 17, writer: 1 }) })).toEqual([name]);
  expect(violated({ on: limited({ planner: 16, writer: 16 }) })).toEqual([name]);
  const conditions = conditionsOf(limited({ planner: 17, writer: 12 }), runsOf(ROWS), ROWS, codes);
  expect(conditions.find((each) => each.name === name)!.value).toBe(
    'static@best: 17 copies of planner, of which there may be 16; ' +
      'static@best: 21 instances on gpu, of which there may be 16',
  );
});

test('a seed by which the fleets were sized must not be scored', () => {
  const on = { ...experiment, seeds: [0, 1] };
  const rows = [0, 1].map((seed) => rowOf('modular', seed));
  expect(violated({ on, rows })).toEqual([expect.stringContaining('sized or tuned on the training span')]);
});

test('a run of either side without a copy of some model begins cold', () => {
  const name = 'every run begins warm, with at least one copy of every model in service';
  for (const cell of ['modular', 'static@isocost']) {
    const runs = runsOf(ROWS).map((run) =>
      run.row.cell === cell && run.row.seed === 2 ? { ...run, warmAtStart: { planner: 1, writer: 0 } } : run,
    );
    expect(violated({ runs })).toEqual([name]);
    const value = conditionsOf(experiment, runs, ROWS, codes).find((each) => each.name === name)!.value;
    expect(value).toBe(`planner, writer; not so: ${cell} of seed 2`);
  }
});

test('without the cells of equal spend the condition says that they were not run', () => {
  const rows = ROWS.filter(({ cell }) => cell === 'static@best');
  const values = conditionsOf(experiment, runsOf(rows), rows, codes).map(({ value }) => value);
  expect(values).toContain('not run');
});

describe('of what ran', () => {
  const ran = (cell: string, on = experiment) => runCell(on, cellNamed(cell), 1);
  const { gpu } = tiny.world.fleets;

  test('both sides, and what scales by other rules, have one fingerprint, all requests, and a copy of everything', () => {
    const runs = ['modular', 'static@best', 'hpa', 'kpa'].map((cell) => ran(cell));
    expect(new Set(runs.map(({ configuration }) => configuration)).size).toBe(1);
    const on = { ...experiment, seeds: [1] };
    const rows = runs.map(({ row }) => row);
    expect(violated({ on, rows, runs })).toEqual([]);
  });

  test('other prices, other limits and another agent have other fingerprints', () => {
    const instances = gpu!.instances.map((instance) => ({ ...instance, pricePerHourUsd: 1 }));
    const others: Experiment['scenario'][] = [
      { ...tiny, world: { ...tiny.world, fleets: { gpu: { ...gpu!, instances } } } },
      { ...tiny, world: { ...tiny.world, fleets: { gpu: { ...gpu!, maxInstances: 12 } } } },
      { ...tiny, agent: { ...tiny.agent, timeoutMs: 500_000 } },
      { ...tiny, objective: { p95Ms: 9000 } },
    ];
    const found = [tiny, ...others].map((scenario) => ran('static@best', { ...experiment, scenario }).configuration);
    expect(new Set(found).size).toBe(found.length);
  });

  test('a static fleet without a copy of some component began cold', () => {
    const on = { ...experiment, seeds: [1], fleets: { ...experiment.fleets, mean: { planner: 0, writer: 1 } } };
    const runs = [ran('static@mean', on)];
    expect(violated({ on, rows: runs.map(({ row }) => row), runs })).toEqual([
      'every run begins warm, with at least one copy of every model in service',
    ]);
  });
});
