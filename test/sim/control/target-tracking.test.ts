import * as fc from 'fast-check';
import type { LoadPeriod } from '../../../sim/control/scaling-rule';
import { trackTarget, UNTRACKED } from '../../../sim/control/target-tracking';
import { HIGH_RESOLUTION } from '../../../sim/world/presets';

const LIMITS = { minCopies: 1, maxCopies: 4, targetConcurrency: 5 };
const MODEL = { ...HIGH_RESOLUTION, scaleInCooldownSeconds: 0 };

/** The desired copies after the given periods; every change takes effect at once. */
function follow(concurrencies: readonly number[], copies: number): number[] {
  let state = UNTRACKED;
  let desiredCopies = copies;
  return concurrencies.map((concurrency, at) => {
    ({ state, desiredCopies } = trackTarget(state, periodOf(at, concurrency, desiredCopies), LIMITS, MODEL));
    return desiredCopies;
  });
}

const periodOf = (at: number, concurrency: number, copies: number): LoadPeriod => ({
  endSeconds: 10 * (at + 1),
  averageConcurrency: concurrency,
  peakConcurrency: concurrency,
  copiesInService: copies,
  desiredCopies: copies,
});

const periods = (count: number, concurrency: number): number[] => Array(count).fill(concurrency);

test('three periods above the target add the copies that the load needs', () => {
  expect(follow(periods(3, 12), 1)).toEqual([1, 1, 3]);
});

test('one period at the target starts the count again', () => {
  expect(follow([...periods(2, 12), 5, ...periods(2, 12)], 1)).toEqual(periods(5, 1));
});

test('fifteen quiet minutes take copies down to what their highest load needs', () => {
  const quiet = [...periods(50, 1), 6, ...periods(39, 1)];
  expect(follow(quiet, 4).slice(-2)).toEqual([4, 2]);
});

test('without a copy in service there is no metric, and nothing changes', () => {
  const load = { ...periodOf(0, 0, 0), desiredCopies: 2 };
  const state = { ...UNTRACKED, high: 2 };
  expect(trackTarget(state, load, LIMITS, MODEL)).toEqual({ state: UNTRACKED, desiredCopies: 2 });
});

test('after a change, copies are not taken before the cooldown is over', () => {
  const model = { ...MODEL, inAfterSeconds: 30, scaleInCooldownSeconds: 300 };
  const state = { ...UNTRACKED, changedAtSeconds: 0 };
  const takenAt = (endSeconds: number) => {
    const low = { ...state, low: 10, lowPeak: 1 };
    return trackTarget(low, { ...periodOf(0, 1, 4), endSeconds }, LIMITS, model).desiredCopies;
  };
  expect([takenAt(290), takenAt(300)]).toEqual([4, 1]);
});

test('desired copies stay within the bounds', () => {
  const loads = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 100 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 4 }), (runs, copies) => {
      const concurrencies = runs.flatMap(([concurrency, count]) => periods(count, concurrency));
      expect(follow(concurrencies, copies).filter((desired) => desired < 1 || desired > 4)).toEqual([]);
    }),
  );
});
