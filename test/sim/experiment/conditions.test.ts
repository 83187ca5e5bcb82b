import { conditionsOf } from '../../../sim/experiment/conditions';
import type { CellRun, Experiment } from '../../../sim/experiment/experiment';
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
    misworked: 0,
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
    expect.arrayContaining(['fingerprint 1', '100 requests of the first seed', 'c0ffee', 'c0de', 'planner, writer']),
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
  expect(violated({ runs: changed({ configuration: 'other' }) })).toEqual([expect.stringContaining('same agent')]);
  expect(violated({ runs: changed({ misworked: 1 }) })).toEqual([expect.stringContaining('exactly the work')]);
  expect(violated({ by: ['c0de', 'c0de2'] })).toEqual([expect.stringContaining('same code')]);
});

test('a cell that dropped a request is found', () => {
  const rows = ROWS.map((row) => (row.cell === 'modular' && row.seed === 2 ? { ...row, requests: 99 } : row));
  expect(violated({ rows })).toEqual([expect.stringContaining('every request of the scored span counts')]);
});

test('equal spend is violated by a modular deployment that spends more, and not by one that spends less', () => {
  const spending = (costUsd: number) => ROWS.map((row) => (row.cell === 'modular' ? { ...row, costUsd } : row));
  expect(violated({ rows: spending(10.5) })).toEqual(['at equal spend, static spends no less than modular']);
  expect(violated({ rows: spending(10.1) })).toEqual([]);
  expect(violated({ rows: spending(5) })).toEqual([]);
});

test('a seed by which the fleets were sized must not be scored', () => {
  const on = { ...experiment, seeds: [0, 1] };
  const rows = [0, 1].map((seed) => rowOf('modular', seed));
  expect(violated({ on, rows })).toEqual(['sized or tuned on the training span, scored on the rest']);
});

test('a static fleet without a copy of some component begins cold', () => {
  const on = { ...experiment, fleets: { ...experiment.fleets, mean: { planner: 1 } } };
  expect(violated({ on })).toEqual(['both sides begin warm, with at least one copy of every component']);
});

test('without the cells of equal spend the condition says that they were not run', () => {
  const rows = ROWS.filter(({ cell }) => cell === 'static@best');
  const values = conditionsOf(experiment, runsOf(rows), rows, codes).map(({ value }) => value);
  expect(values).toContain('not run');
});
