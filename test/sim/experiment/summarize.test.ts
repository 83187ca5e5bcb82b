import { CELLS, type Cell, keyOf } from '../../../sim/experiment/cells';
import { type CellRun, type Experiment, tasksOf } from '../../../sim/experiment/experiment';
import type { ResultRow } from '../../../sim/experiment/result';
import { summarize } from '../../../sim/experiment/summarize';
import { holmAdjusted } from '../../../sim/statistics/holm';
import { pairedRatio } from '../../../sim/statistics/paired';
import { tiny } from './tiny-scenario';

const SEEDS = [1, 2, 3, 4, 5];
const bounds = { workUsd: 1, capacityUsd: 2, startUpUsd: 4, p95Ms: 1000 };
const NO_PARTS = { queueMs: 0, serviceMs: 0, coldMs: 0, retryMs: 0, orchestrationMs: 0 };

const experiment: Experiment = {
  scenario: tiny,
  seeds: SEEDS,
  fleets: {
    peak: { writer: 5 },
    p99: { writer: 4 },
    p95: { writer: 3 },
    mean: { writer: 2 },
    best: { writer: 3 },
    isocost: { writer: 6 },
  },
  isFull: false,
  seriesPoints: 1,
};

/** Runs of every task, with latencies and costs by cell and seed. */
function runsOf(figures: (cell: Cell, seed: number) => Partial<ResultRow>): CellRun[] {
  return tasksOf(experiment).map(({ cell, seed }) => ({
    row: {
      cell,
      seed,
      p50Ms: 500,
      p95Ms: 2000,
      p99Ms: 3000,
      costUsd: 10,
      requests: 100,
      throughputRps: 1,
      coldShare: 0,
      errors: 0,
      attainment: 1,
      instanceHours: 1,
      ...figures(CELLS.find((each) => each.cell === cell)!, seed),
    },
    requests: `requests of seed ${seed}`,
    configuration: 'c0ffee',
    misworked: 0,
    p95Parts: { ...NO_PARTS, queueMs: seed },
  }));
}

const comparison = (runs: readonly CellRun[], name: string) =>
  summarize(experiment, runs, bounds).comparisons.find((each) => each.name === name);

test('cells whose outcome is the same by construction share runs, each under its own name', () => {
  const { rows, cells } = summarize(
    experiment,
    runsOf((_, seed) => ({ p95Ms: 1000 * seed })),
    bounds,
  );
  // The fleet of p95 has as many copies as the best one.
  for (const cell of ['static@p95', 'static@best', 'static parallel', 'static parallel+prewarmed+tuned']) {
    expect(rows.filter((row) => row.cell === cell).map(({ seed }) => seed)).toEqual(SEEDS);
    expect(cells.find((each) => each.cell === cell)!.p95Ms!.mean).toBe(3000);
  }
  const wanted = CELLS.filter(({ isAblation = false }) => !isAblation).map(({ cell }) => cell);
  expect(cells.map(({ cell }) => cell)).toEqual(wanted);
  expect(cells[0]!.p95Parts.queueMs).toBe(3);
});

test('a cell that lacks a seed is left out, with what would be compared with it', () => {
  const runs = runsOf(() => ({})).filter(({ row }) => !(row.cell === 'hpa' && row.seed === 2));
  const { cells, comparisons, rows } = summarize(experiment, runs, bounds);
  expect(cells.map(({ cell }) => cell)).not.toContain('hpa');
  expect(rows.map(({ cell }) => cell)).not.toContain('hpa');
  expect(comparisons.map(({ against }) => against)).not.toContain('hpa');
  expect(comparisons.map(({ against }) => against)).toContain('kpa');
});

test('nothing was run, nothing is found', () => {
  expect(summarize(experiment, [], bounds)).toEqual({ rows: [], cells: [], effects: [], comparisons: [] });
});

describe('comparisons', () => {
  /** Every seed is another world, in which modular costs 30 % less. */
  const paired = runsOf(({ cell }, seed) => ({ costUsd: (cell === 'modular' ? 0.7 : 1) * 10 ** seed }));

  test('are paired by seed: what differs between seeds does not count', () => {
    const found = comparison(paired, 'cost at equal objective')!;
    for (const change of found.bySeed) expect(change).toBeCloseTo(-0.3, 10);
    expect(found.bySeed).toHaveLength(SEEDS.length);
    for (const figure of Object.values(found.change)) expect(figure).toBeCloseTo(-0.3, 6);
  });

  test('the order in which runs were finished does not matter', () => {
    const noisy = runsOf(({ cell }, seed) => ({ costUsd: cell === 'modular' ? 7 + seed : 10 }));
    expect(summarize(experiment, noisy.toReversed(), bounds)).toEqual(summarize(experiment, noisy, bounds));
  });

  test('the two primary endpoints stand alone; the others are corrected after Holm, among themselves', () => {
    const runs = runsOf((cell, seed) => ({
      costUsd: 10 + CELLS.indexOf(cell) + Math.sin(seed * (1 + CELLS.indexOf(cell))),
      p95Ms: 2000 + 50 * CELLS.indexOf(cell) + 100 * Math.cos(seed * (2 + CELLS.indexOf(cell))),
    }));
    const { comparisons, rows } = summarize(experiment, runs, bounds);
    const values = (cell: string, on: 'costUsd' | 'p95Ms') =>
      rows.filter((row) => row.cell === cell).map((row) => row[on]!);
    const raw = comparisons.map(({ name, against }) => {
      const on = /^cost/.test(name) ? 'costUsd' : 'p95Ms';
      return pairedRatio(values('modular', on), values(against, on)).pValue;
    });
    expect(comparisons.filter(({ isPrimary }) => isPrimary).map(({ name }) => name)).toEqual([
      'cost at equal objective',
      'P95 at equal spend',
    ]);
    expect(comparisons.slice(0, 2).map(({ pValue }) => pValue)).toEqual(raw.slice(0, 2));
    expect(comparisons.slice(2).map(({ pValue }) => pValue)).toEqual(holmAdjusted(raw.slice(2)));
  });

  test('seeds without a P95 on either side are left out, and a comparison without any is as well', () => {
    const some = runsOf(({ cell }, seed) => ({ p95Ms: cell === 'modular' && seed < 3 ? null : 1000 * seed }));
    expect(comparison(some, 'P95 at equal spend')!.bySeed).toEqual([0, 0, 0]);
    const none = runsOf(({ cell }) => ({ p95Ms: cell === 'modular' ? null : 1000 }));
    expect(comparison(none, 'P95 at equal spend')).toBeUndefined();
    expect(comparison(none, 'cost at equal objective')).toBeDefined();
  });
});

test('a latency that one seed never reached is null in the summary, and leaves no effects on it', () => {
  const runs = runsOf(({ cell }, seed) => ({ p99Ms: null, p95Ms: cell === 'modular' && seed === 1 ? null : 2000 }));
  const { cells, effects } = summarize(experiment, runs, bounds);
  const of = (name: string) => cells.find(({ cell }) => cell === name)!;
  expect(of('modular')).toMatchObject({ p95Ms: null, p99Ms: null, recovered: null });
  expect(of('hpa').p95Ms!.mean).toBe(2000);
  expect(effects.length).toBeGreaterThan(0);
  expect(effects.every(({ on }) => on === 'costUsd')).toBe(true);
});

test('effects recover what was planted: a gain of each factor, and nothing where there was none', () => {
  const runs = runsOf(({ levels }, seed) => ({
    costUsd: 100 * seed,
    p95Ms:
      5000 +
      100 * seed +
      (levels.capacity === 'modular' ? -800 : 0) +
      (levels.graph === 'parallel' ? -300 : 0) +
      (levels.capacity === 'modular' && levels.targets === 'tuned' ? -200 : 0),
  }));
  const { effects } = summarize(experiment, runs, bounds);
  const effect = (factor: string, on: string) => effects.find((each) => each.factor === factor && each.on === on)!;
  // Tuning works on one level of capacity alone: half of it is the main effect, and half adds to that of capacity.
  expect(effect('capacity', 'p95Ms').estimate.mean).toBeCloseTo(-900, 6);
  expect(effect('graph', 'p95Ms').estimate.mean).toBeCloseTo(-300, 6);
  expect(effect('targets', 'p95Ms').estimate.mean).toBeCloseTo(-100, 6);
  expect(effect('prewarming', 'p95Ms').estimate.mean).toBeCloseTo(0, 6);
  expect(effect('capacity x graph', 'p95Ms').estimate.mean).toBeCloseTo(0, 6);
  expect(Math.abs(effect('capacity x targets', 'p95Ms').estimate.mean)).toBeGreaterThan(40);
  expect(effect('graph', 'costUsd').estimate.mean).toBeCloseTo(0, 6);
});

test('efficiency is the bound over the cost, and the recovered share is measured from equal spend to the bound', () => {
  const runs = runsOf(({ cell, fleet }) => ({ costUsd: 8, p95Ms: cell === 'modular' ? 1500 : fleet ? 3000 : 2500 }));
  const { cells } = summarize(experiment, runs, bounds);
  const modular = cells.find(({ cell }) => cell === 'modular')!;
  expect(modular.efficiency).toBe(0.5);
  expect(modular.recovered).toBeCloseTo(0.75, 10);
  expect(cells.find(({ cell }) => cell === 'static@peak')!.recovered).toBeNull();
});

test('one seed bounds nothing: its figures stand for themselves, and stay numbers in JSON', () => {
  const one = { ...experiment, seeds: [1] };
  const { cells, comparisons } = summarize(
    one,
    runsOf(() => ({})),
    bounds,
  );
  expect(cells[0]!.costUsd).toEqual({ mean: 10, low: 10, high: 10 });
  expect(JSON.parse(JSON.stringify(cells))).toEqual(cells);
  // Of a ratio, the lower end would be 0 and not minus infinity.
  for (const { change } of comparisons) expect(change).toEqual({ mean: 0, low: 0, high: 0 });
});

test('cells that differ in what decides their outcome do not share a run', () => {
  const keys = CELLS.filter(({ fleet }) => !fleet).map((cell) => keyOf(cell, experiment.fleets));
  expect(new Set(keys).size).toBe(keys.length);
});
