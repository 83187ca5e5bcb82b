import fc from 'fast-check';
import { cheapestShares, type PricedShare } from '../../../../core/scale/split/cheapest-shares';
import type { ShapeNode } from '../../../../core/scale/split/graph-shape';
import { type ShareMap, ShareTrials } from '../../../../core/scale/split/share-trials';
import { splitSeries } from '../../../../core/scale/split/split-series';

const node = (id: string, needs: readonly string[]): ShapeNode => ({
  id,
  component: id,
  needs: needs.map((name) => ({ node: name, probability: 1 })),
  join: 'all',
  width: 1,
  repeat: 0,
});
const IDS = ['a', 'b', 'c'];
const SERIES = [node('a', []), node('b', ['a']), node('c', ['b'])];

/** Runs in which each call takes just its share. */
const exactly = (nodes: readonly ShapeNode[]) =>
  Array.from({ length: 100 }, () => new Float64Array(nodes.length).fill(1));

const priced = (idleMs: number, weight: number, longestMs = Infinity): PricedShare => ({
  idleMs,
  weight,
  shortestMs: idleMs,
  longestMs,
});

const NONE: ShareMap = new Map();
const startOf = (shares: ReadonlyMap<string, PricedShare>) => new Map([...shares.keys()].map((id) => [id, 1]));

test('of stages in series that never vary the split is the closed form', () => {
  const amount = fc.double({ min: 1, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount), { minLength: 3, maxLength: 3 }), (stages) => {
      const shares = new Map(stages.map(([idleMs, weight], i) => [IDS[i]!, priced(idleMs, weight)]));
      const trials = new ShareTrials(SERIES, exactly(SERIES), 1000);
      const found = cheapestShares(trials, shares, NONE, startOf(shares))!;
      const closed = splitSeries(
        stages.map(([lightP95Ms, weight], i) => ({
          id: IDS[i]!,
          lightP95Ms,
          loadFactor: weight ** 2,
          ratePerSecond: 1,
          pricePerCopyHourUsd: 1,
        })),
        1000,
      );
      for (const [id, ms] of found) expect(ms / closed.get(id)!.objectiveMs).toBeCloseTo(1, 3);
    }),
    { numRuns: 20 },
  );
});

test('shares that are given stay, and take their part of the objective', () => {
  const shares = new Map([
    ['a', priced(100, 1)],
    ['b', priced(100, 3)],
  ]);
  const found = cheapestShares(
    new ShareTrials(SERIES, exactly(SERIES), 1000),
    shares,
    new Map([['c', 400]]),
    new Map([...startOf(shares), ['c', 400]]),
  )!;
  expect([...found.keys()]).toEqual(['a', 'b']);
  expect(found.get('a')).toBeCloseTo(200, 0);
  expect(found.get('b')).toBeCloseTo(400, 0);
});

test('no copies are enough where idle ones take longer than the objective', () => {
  const shares = new Map(IDS.map((id) => [id, priced(400, 1)]));
  const trials = new ShareTrials(SERIES, exactly(SERIES), 1000);
  expect(cheapestShares(trials, shares, NONE, startOf(shares))).toBeUndefined();
});

test('where all shares are bounded, whole runs may be faster than they need to be', () => {
  const shares = new Map(IDS.map((id) => [id, priced(100, 1, 200)]));
  const trials = new ShareTrials(SERIES, exactly(SERIES), 1000);
  expect([...cheapestShares(trials, shares, NONE, startOf(shares))!.values()]).toEqual([200, 200, 200]);
});
