import fc from 'fast-check';
import { layersOf, leastCostUsd } from '../../../sim/bounds/layers';

/** Least cost over all ways to run copies window by window, by dynamic programming over their number. */
function optimumUsd(need: readonly number[], beginsWarm: boolean, holdUsd: number, startUsd: number): number {
  const peak = Math.max(0, ...need);
  const counts = Array.from({ length: peak + 2 }, (_, count) => count);
  let best = counts.map((count) => (count === (beginsWarm ? peak : 0) ? 0 : Infinity));
  for (const needed of need) {
    const step = (before: number, now: number) => now * holdUsd + Math.max(0, now - before) * startUsd;
    best = counts.map((now) =>
      now < needed ? Infinity : Math.min(...counts.map((before) => best[before]! + step(before, now))),
    );
  }
  return Math.min(...best);
}

const needs = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 14 });
const usd = fc.integer({ min: 0, max: 20 });

test('nothing that meets the need costs less than the layers, and something costs as much', () => {
  fc.assert(
    fc.property(needs, fc.boolean(), usd, usd, (need, beginsWarm, holdUsd, startUsd) => {
      const least = leastCostUsd(layersOf(need, beginsWarm), holdUsd, startUsd);
      expect(least).toBe(optimumUsd(need, beginsWarm, holdUsd, startUsd));
    }),
    { numRuns: 1000 },
  );
});

test('gaps lie between the needs of a layer', () => {
  const need = [0, 2, 1, 1, 3, 0, 0, 1, 0];
  expect(layersOf(need, false)).toEqual({ neededWindows: 8, gaps: new Map([[2, 2]]), firstStarts: 3 });
  const warmGaps = new Map([
    [1, 2],
    [4, 1],
    [2, 2],
  ]);
  expect(layersOf(need, true)).toEqual({ neededWindows: 8, gaps: warmGaps, firstStarts: 0 });
});

test('no windows need nothing', () => {
  expect(leastCostUsd(layersOf([], false), 1, 1)).toBe(0);
});

test('a need that is not a number of copies is refused', () => {
  expect(() => layersOf([1, 0.5], false)).toThrow('needByWindow must hold whole numbers from 0, got: 0.5');
  expect(() => layersOf([-1], false)).toThrow('got: -1');
});
