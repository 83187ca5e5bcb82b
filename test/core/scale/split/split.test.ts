import fc from 'fast-check';
import { missBudgets } from '../../../../core/scale/split/miss-budgets';
import { splitPaths } from '../../../../core/scale/split/split-paths';
import { splitSeries } from '../../../../core/scale/split/split-series';
import type { BudgetPath, ObjectiveSplit, Stage } from '../../../../core/scale/split/stage';

const stage = (id: string, lightP95Ms: number, loadFactor: number | undefined, pricePerCopyHourUsd = 1): Stage => ({
  id,
  lightP95Ms,
  loadFactor,
  ratePerSecond: 1,
  pricePerCopyHourUsd,
});
const objectives = (split: ObjectiveSplit) => [...split.values()].map(({ objectiveMs }) => objectiveMs);
const copies = (split: ObjectiveSplit) => [...split.values()].map((s) => s.copies);

describe('stages in series', () => {
  test('get the load budget by the square root of price, load factor and rate', () => {
    // Weights sqrt(1 * 100) = 10 and sqrt(4 * 225) = 30 of the 400 ms beyond light load.
    const split = splitSeries([stage('a', 100, 100), stage('b', 500, 225, 4)], 1000);
    expect(objectives(split)).toEqual([200, 800]);
    expect(copies(split)).toEqual([1, 0.75]);
  });

  test('count with the rate at which they are called', () => {
    // Weights sqrt(25 * 4) = 10 and sqrt(900) = 30; copies 25 * 4 / 100 and 900 / 300.
    const split = splitSeries([{ ...stage('a', 100, 25), ratePerSecond: 4 }, stage('b', 500, 900)], 1000);
    expect(objectives(split)).toEqual([200, 800]);
    expect(copies(split)).toEqual([1, 3]);
  });

  test('that take no time at all share the budget evenly', () => {
    expect(objectives(splitSeries([stage('a', 0, 0), stage('b', 0, 0)], 1000))).toEqual([500, 500]);
  });

  test('get proportional shares while a load factor is unknown', () => {
    const split = splitSeries([stage('a', 100, 100), stage('b', 300, undefined)], 1000);
    expect(objectives(split)).toEqual([250, 750]);
    expect(copies(split)[1]).toBeUndefined();
  });

  test('without load of their own need no copies and no time for it', () => {
    const split = splitSeries([stage('a', 100, 0), stage('b', 300, 50)], 1000);
    expect(split.get('a')).toEqual({ objectiveMs: 100, copies: 0 });
    expect(split.get('b')!.objectiveMs).toBe(900);
  });

  test('cannot meet an objective that light load already takes', () => {
    expect(() => splitSeries([stage('a', 400, 1), stage('b', 600, 1)], 1000)).toThrow(
      'objective of 1000 ms cannot be met: a -> b takes 1000 ms at light load; raise the objective, or use faster models or instances',
    );
  });

  test('are checked', () => {
    expect(() => splitSeries([stage('a', NaN, 1)], 1000)).toThrow(
      "lightP95Ms of stage 'a' must be 0 or more, got: NaN",
    );
  });
});

const amount = fc.double({ min: 0.1, max: 1000, noNaN: true });
const stagesOf = (count: number) =>
  fc
    .array(fc.tuple(amount, amount, amount), { minLength: count, maxLength: count })
    .map((rows) => rows.map(([light, load, price], i) => stage(`s${i}`, light, load, price)));

/** A budget that leaves the stages of a path some time for load. */
const budgetFor = (stages: readonly Stage[], path: readonly string[], share: number) =>
  path.reduce((sum, id) => sum + stages.find((s) => s.id === id)!.lightP95Ms, 0) * (1 + share);

const total = (split: ObjectiveSplit, path: BudgetPath) =>
  path.stages.reduce((sum, id) => sum + split.get(id)!.objectiveMs, 0);

test('a series takes exactly its budget, and no exchange between two stages makes it cheaper', () => {
  fc.assert(
    fc.property(stagesOf(4), fc.double({ min: 0.05, max: 5, noNaN: true }), (stages, share) => {
      const path = {
        stages: stages.map(({ id }) => id),
        budgetMs: budgetFor(
          stages,
          stages.map(({ id }) => id),
          share,
        ),
      };
      const split = splitSeries(stages, path.budgetMs);
      expect(total(split, path)).toBeCloseTo(path.budgetMs, 6);

      const cost = (i: number, objectiveMs: number) =>
        (stages[i]!.pricePerCopyHourUsd * stages[i]!.loadFactor!) / (objectiveMs - stages[i]!.lightP95Ms);
      const [first, second] = objectives(split);
      const shift = 0.01 * Math.min(first! - stages[0]!.lightP95Ms, second! - stages[1]!.lightP95Ms);
      const now = cost(0, first!) + cost(1, second!);
      expect(cost(0, first! + shift) + cost(1, second! - shift)).toBeGreaterThanOrEqual(now);
      expect(cost(0, first! - shift) + cost(1, second! + shift)).toBeGreaterThanOrEqual(now);
    }),
  );
});

describe('a general graph', () => {
  test('of one path is split as a series', () => {
    fc.assert(
      fc.property(stagesOf(3), (stages) => {
        const ids = stages.map(({ id }) => id);
        const budgetMs = budgetFor(stages, ids, 1);
        const series = objectives(splitSeries(stages, budgetMs));
        objectives(splitPaths(stages, [{ stages: ids, budgetMs }])).forEach((ms, i) => {
          expect(ms).toBeCloseTo(series[i]!, 6);
        });
      }),
    );
  });

  test('gives equal parallel branches equal shares, and their common stage what both leave', () => {
    // Two paths with multipliers mu each: load of the common stage sqrt(200 / 2 mu), of a branch sqrt(100 / mu): equal.
    const stages = [stage('plan', 100, 200), stage('left', 100, 100), stage('right', 100, 100)];
    const split = splitPaths(stages, [
      { stages: ['plan', 'left'], budgetMs: 1000 },
      { stages: ['plan', 'right'], budgetMs: 1000 },
    ]);
    for (const objectiveMs of objectives(split)) expect(objectiveMs).toBeCloseTo(500, 4);
  });

  test('is split by light load while a load factor is unknown', () => {
    const stages = [stage('a', 100, undefined), stage('none', 0, 1), stage('b', 300, 1)];
    const split = splitPaths(stages, [{ stages: ['a', 'none', 'b'], budgetMs: 1000 }]);
    expect(objectives(split)).toEqual([250, 0, 750]);
  });

  test('gives a short branch the time of the long one beside it', () => {
    const stages = [stage('long', 700, 100), stage('short', 10, 1), stage('write', 100, 100)];
    const split = splitPaths(stages, [
      { stages: ['long', 'write'], budgetMs: 1000 },
      { stages: ['short', 'write'], budgetMs: 1000 },
    ]);
    expect(split.get('short')!.objectiveMs).toBeCloseTo(split.get('long')!.objectiveMs, 6);
  });

  test('keeps every path within its budget, and leaves no stage time that it could use', () => {
    const shapes: readonly (readonly string[])[] = [
      ['s0', 's1', 's4'],
      ['s0', 's2', 's4'],
      ['s0', 's3'],
      ['s2', 's3', 's5'],
    ];
    const shares = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(stagesOf(6), shares, fc.boolean(), (known, extra, forget) => {
        const stages = forget ? known.map((s) => ({ ...s, loadFactor: undefined })) : known;
        const paths = shapes.map((ids, i) => ({ stages: ids, budgetMs: budgetFor(stages, ids, extra[i]!) }));
        const split = splitPaths(stages, paths);
        for (const path of paths) expect(total(split, path)).toBeLessThanOrEqual(path.budgetMs * (1 + 1e-9));
        for (const { id } of stages) {
          const left = paths
            .filter((path) => path.stages.includes(id))
            .map((path) => path.budgetMs - total(split, path));
          expect(Math.min(...left)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  test('names stages without a path and paths with unknown stages', () => {
    const path = { stages: ['a'], budgetMs: 1000 };
    expect(() => splitPaths([stage('a', 1, 1), stage('b', 1, 1)], [path])).toThrow("stage 'b' lies on no path");
    expect(() => splitPaths([], [path])).toThrow("a path names the unknown stage 'a'");
  });
});

test('a path misses its budget in five percent at most, dear stages more often than cheap ones', () => {
  const stages = [stage('a', 1, 100), stage('b', 1, 900), stage('c', 1, 400)];
  const misses = missBudgets(stages, [
    { stages: ['a', 'b'], budgetMs: 1000 },
    { stages: ['a', 'c'], budgetMs: 1000 },
  ]);
  // Weights 10, 30, 20; the heaviest path weighs 40.
  expect(misses.get('a')).toBeCloseTo(0.0125, 12);
  expect(misses.get('b')).toBeCloseTo(0.0375, 12);
  expect(misses.get('c')).toBeCloseTo(0.025, 12);
});

test('stages without load share the misses of the longest path evenly', () => {
  const stages = [stage('a', 1, 0), stage('b', 1, 0)];
  expect([...missBudgets(stages, [{ stages: ['a', 'b'], budgetMs: 10 }]).values()]).toEqual([0.025, 0.025]);
});
