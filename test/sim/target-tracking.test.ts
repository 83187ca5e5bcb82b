import * as fc from 'fast-check';
import { inferenceComponent8b } from '../../sim/profiles';
import { type LoadPeriod, trackTarget, UNTRACKED } from '../../sim/target-tracking';

const POLICY = { ...inferenceComponent8b.scaling, minCopies: 1, maxCopies: 4 };

/** The desired copies after the given periods; every change takes effect at once. */
function follow(concurrencies: readonly number[], copies: number): number[] {
  let state = UNTRACKED;
  let desiredCopies = copies;
  return concurrencies.map((peakConcurrency) => {
    const load: LoadPeriod = { peakConcurrency, copiesInService: desiredCopies, desiredCopies };
    ({ state, desiredCopies } = trackTarget(state, load, POLICY));
    return desiredCopies;
  });
}

const periods = (count: number, concurrency: number): number[] => Array(count).fill(concurrency);

test('forty seconds above the target add the copies that the load needs', () => {
  expect(follow(periods(4, 12), 1)).toEqual([1, 1, 1, 3]);
});

test('one period at the target starts the count again', () => {
  expect(follow([...periods(3, 12), 5, ...periods(3, 12)], 1)).toEqual(periods(7, 1));
});

test('fifteen quiet minutes take copies down to what their highest load needs', () => {
  const quiet = [...periods(50, 1), 6, ...periods(39, 1)];
  expect(follow(quiet, 4).slice(-2)).toEqual([4, 2]);
});

test('without a copy in service there is no metric, and nothing changes', () => {
  const load = { peakConcurrency: 0, copiesInService: 0, desiredCopies: 2 };
  const state = { high: 3, low: 0, lowPeak: 0 };
  expect(trackTarget(state, load, POLICY)).toEqual({ state: UNTRACKED, desiredCopies: 2 });
});

test('desired copies stay within the bounds', () => {
  const loads = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 100 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 4 }), (runs, copies) => {
      const concurrencies = runs.flatMap(([concurrency, count]) => periods(count, concurrency));
      for (const desired of follow(concurrencies, copies)) {
        expect(desired).toBeGreaterThanOrEqual(1);
        expect(desired).toBeLessThanOrEqual(4);
      }
    }),
  );
});
