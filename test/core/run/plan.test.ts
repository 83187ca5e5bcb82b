import { graph } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import { budgetMs } from '../../../core/run/budget';
import { planOf } from '../../../core/run/plan';
import { graphOf, graphShape, idOf, needsOf } from './support/shapes';
import { VirtualClock } from './support/virtual-clock';

test('a plan holds for each node how many it needs and which need it', () => {
  const agent = graph('diamond', { input: z.any() })
    .compute('a', [], () => 0)
    .compute('b', ['a'], () => 0)
    .compute('c', ['a'], () => 0)
    .compute('d', ['b', 'c'], () => 0)
    .output(['d', 'b'], () => 0);
  expect(planOf(agent)).toMatchObject({
    dependents: [[1, 2], [3], [3], []],
    needCounts: Int32Array.of(0, 1, 1, 2),
    roots: [0],
    result: [3, 1],
    position: new Map([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
    ]),
  });
});

test('the remaining path of a node is the longest of all ways to the end', () => {
  fc.assert(
    fc.property(
      graphShape,
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 12, maxLength: 12 }),
      (shape, durationsMs) => {
        const plan = planOf(graphOf(shape, new VirtualClock()));
        for (const i of plan.nodes.keys()) plan.durations.add(i, durationsMs[i]!);
        const longestFrom = (i: number): number => {
          const dependents = [...shape.nodes.keys()].filter((j) => needsOf(shape, j).includes(i));
          return durationsMs[i]! + Math.max(0, ...dependents.map(longestFrom));
        };
        const paths = plan.durations.remainingPaths();
        for (const i of shape.nodes.keys())
          expect([idOf(i), paths[i]]).toEqual([idOf(i), expect.closeTo(longestFrom(i), 3)]);
      },
    ),
  );
});

test.each([
  { leftMs: 1_000, ownMs: 100, pathMs: 300, isLast: false, budget: 600, why: 'less twice the rest of the path' },
  { leftMs: 1_000, ownMs: 300, pathMs: 310, isLast: false, budget: 967.741935, why: 'its share of plenty' },
  { leftMs: 150, ownMs: 100, pathMs: 300, isLast: false, budget: 50, why: 'its share of too little' },
  { leftMs: 1_000, ownMs: 0, pathMs: 0, isLast: false, budget: 900, why: 'nearly all when nothing is known' },
  { leftMs: 1_000, ownMs: 0, pathMs: 5_000, isLast: false, budget: 500, why: 'half of too little when it is unknown' },
  { leftMs: 1_000, ownMs: 0, pathMs: 0, isLast: true, budget: 1_000, why: 'all of it when nothing follows' },
])('a node may use $budget of $leftMs ms: $why', ({ leftMs, ownMs, pathMs, isLast, budget }) => {
  expect(budgetMs(leftMs, ownMs, pathMs, isLast)).toBeCloseTo(budget, 3);
});

test('a budget is never more than what is left, and along a path the budgets never run out', () => {
  const ms = fc.integer({ min: 1, max: 10_000 });
  fc.assert(
    fc.property(ms, fc.array(ms, { minLength: 1, maxLength: 8 }), (deadlineMs, durationsMs) => {
      let leftMs = deadlineMs;
      for (const [i, ownMs] of durationsMs.entries()) {
        const pathMs = durationsMs.slice(i).reduce((sum, duration) => sum + duration, 0);
        const budget = budgetMs(leftMs, ownMs, pathMs, i === durationsMs.length - 1);
        expect(budget).toBeGreaterThan(0);
        expect(budget).toBeLessThanOrEqual(leftMs + 1e-9);
        leftMs -= Math.min(ownMs, budget);
      }
      expect(leftMs).toBeGreaterThanOrEqual(-1e-9);
    }),
  );
});
