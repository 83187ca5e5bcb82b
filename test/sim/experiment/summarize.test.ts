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
function runsOf(figures: (cell: Cell, seed: number) => Partial<ResultRow>, on = experiment): CellRun[] {
  return tasksOf(on).map(({ cell, seed }) => ({
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
    due: 100,
    misworked: 0,
    warmAtStart: { planner: 1, writer: 1 },
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
    for (const figure of Object.values(found.change!)) expect(figure).toBeCloseTo(-0.3, 6);
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

  test('at equal objective nobody wins where a side misses it on average over the seeds, however much cheaper', () => {
    const missing = (cell: string) =>
      runsOf((each, seed) => ({
        costUsd: each.cell === 'modular' ? 7 : 10,
        attainment: each.cell === cell ? (seed === 1 ? 0.7 : 1) : 0.96,
      }));
    expect(comparison(missing('modular'), 'cost at equal objective')).toMatchObject({
      unequal: 'modular misses the objective',
      winner: null,
    });
    expect(comparison(missing('static parallel'), 'cost at equal objective')!.unequal).toBe(
      'static@best misses the objective',
    );
    expect(comparison(missing('hpa'), 'cost at equal objective')).toMatchObject({
      unequal: null,
      winner: 'modular',
    });
    expect(comparison(missing('modular'), 'cost beside Kubernetes HPA')!.winner).toBe('modular');
  });

  test('at equal spend modular wins nothing by spending more; static may spend the rest of an instance', () => {
    const spending = (modularUsd: number, p95Ms = 900) =>
      comparison(
        runsOf(({ cell }) => ({
          p95Ms: cell === 'modular' ? p95Ms : 1000,
          costUsd: cell === 'modular' ? modularUsd : 10,
        })),
        'P95 at equal spend',
      );
    expect(spending(10.1)).toMatchObject({ winner: 'modular', unequal: null });
    expect(spending(8)).toMatchObject({ winner: 'modular', unequal: null });
    expect(spending(12.5)).toMatchObject({ winner: null, unequal: 'modular spends 25.0 % more than static@isocost' });
    expect(spending(9, 1100)).toMatchObject({ winner: 'static@isocost', unequal: null });
  });

  describe('with seeds without a P95', () => {
    const many = { ...experiment, seeds: [1, 2, 3, 4, 5, 6, 7, 8] };
    const atEqualSpend = (modular: (seed: number) => number | null, other: (seed: number) => number | null) =>
      summarize(
        many,
        runsOf(
          ({ cell, fleet }, seed) => ({ p95Ms: cell === 'modular' ? modular(seed) : fleet ? other(seed) : 1 }),
          many,
        ),
        bounds,
      ).comparisons.find(({ name }) => name === 'P95 at equal spend')!;

    test('none is left out: the change is the median by ranks', () => {
      const found = atEqualSpend(
        (seed) => (seed === 1 ? null : 500),
        (seed) => (seed === 2 ? null : 1000),
      );
      expect(found).toMatchObject({ statistic: 'median', unreached: { of: 1, against: 1 }, winner: null });
      expect(found.bySeed).toEqual([null, -1, -0.5, -0.5, -0.5, -0.5, -0.5, -0.5]);
      // The smallest and the largest of eight enclose the median: that of the first seed is infinite.
      expect(found.change).toBeNull();
    });

    test('a side that fails in every seed loses, though no number says by how much', () => {
      const worse = atEqualSpend(
        () => null,
        () => 1000,
      );
      expect(worse).toMatchObject({ change: null, winner: 'static@isocost', unreached: { of: 8, against: 0 } });
      expect(worse.pValue).toBeCloseTo(2 / 2 ** 8, 10);
      const better = atEqualSpend(
        () => 1000,
        () => null,
      );
      expect(better).toMatchObject({ change: { mean: -1, low: -1, high: -1 }, winner: 'modular' });
      expect(
        atEqualSpend(
          () => null,
          () => null,
        ),
      ).toMatchObject({ change: { mean: 0 }, winner: null, pValue: 1 });
      expect(JSON.parse(JSON.stringify(worse))).toEqual(worse);
    });

    test('fewer than six bound nothing', () => {
      const few = runsOf(({ cell }, seed) => ({ p95Ms: cell === 'modular' && seed === 1 ? null : 1000 * seed }));
      expect(comparison(few, 'P95 at equal spend')).toMatchObject({
        statistic: 'median',
        isBounded: false,
        winner: null,
      });
    });
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
  expect(effect('capacity', 'p95Ms')).toMatchObject({ among: 'all', estimate: { mean: expect.closeTo(-900, 6) } });
  expect(effect('graph', 'p95Ms').estimate.mean).toBeCloseTo(-300, 6);
  expect(effect('capacity x graph', 'p95Ms').estimate.mean).toBeCloseTo(0, 6);
  // All of what tuning brings, though eight of the sixteen cells have no targets to tune.
  expect(effect('targets', 'p95Ms')).toMatchObject({ among: 'modular', estimate: { mean: expect.closeTo(-200, 6) } });
  expect(effect('prewarming', 'p95Ms').estimate.mean).toBeCloseTo(0, 6);
  expect(effect('graph', 'costUsd').estimate.mean).toBeCloseTo(0, 6);
  expect(effects.filter(({ on }) => on === 'p95Ms').map(({ factor }) => factor)).toEqual([
    'capacity',
    'graph',
    'capacity x graph',
    'prewarming',
    'targets',
    'graph x prewarming',
    'graph x targets',
    'prewarming x targets',
  ]);
});

test('a static cell without a P95 leaves the effects among the modular ones as they are', () => {
  const runs = runsOf(({ fleet }, seed) => ({ p95Ms: fleet && seed === 1 ? null : 2000 }));
  const onP95 = summarize(experiment, runs, bounds).effects.filter(({ on }) => on === 'p95Ms');
  expect(new Set(onP95.map(({ among }) => among))).toEqual(new Set(['modular']));
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
