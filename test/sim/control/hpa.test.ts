import { type HpaModel, hpa } from '../../../sim/control/hpa';

const MODEL: HpaModel = {
  kind: 'hpa',
  periodSeconds: 15,
  publicationLagSeconds: 0,
  tolerance: 0.1,
  scaleDownStabilizationSeconds: 300,
};
const LIMITS = { minCopies: 1, maxCopies: 20, targetConcurrency: 10 };

/** Desired copies after one period after another; each change takes effect at once. */
function follow(concurrencies: readonly number[], copies: number, limits = LIMITS): number[] {
  const rule = hpa(MODEL);
  let desiredCopies = copies;
  return concurrencies.map((averageConcurrency, at) => {
    const load = { averageConcurrency, peakConcurrency: averageConcurrency, desiredCopies };
    desiredCopies = rule({ ...load, copiesInService: desiredCopies, endSeconds: 15 * (at + 1) }, limits);
    return desiredCopies;
  });
}

const quiet = (periods: number, concurrency: number): number[] => Array(periods).fill(concurrency);

// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
test('a metric of twice the target doubles the copies at once', () => {
  expect(follow([40], 2)).toEqual([4]);
});

test('the copies are rounded up: 31 calls at 10 a copy need 4', () => {
  expect(follow([31], 2)).toEqual([4]);
});

test('rounding follows the quotient, not what a ratio of fractions makes of it', () => {
  // 49 / 5 / 7 * 5 is a little more than 7.
  expect(follow([49], 5, { ...LIMITS, targetConcurrency: 7 })).toEqual([7]);
});

test('nothing changes within a tenth of the target, either way', () => {
  expect(follow([54, 46, 52], 5)).toEqual([5, 5, 5]);
  expect(follow([56], 5)).toEqual([6]);
});

test('copies go once the highest recommendation of five minutes allows it', () => {
  // What runs at first counts as recommended at 15 s; at 315 s it is out of the window.
  expect(follow(quiet(21, 15), 8)).toEqual([...quiet(20, 8), 2]);
});

test('on the way down the highest recommendation of the window is kept', () => {
  // 50 calls at 60 s: until 360 s they hold 5 copies.
  const desired = follow([15, 15, 15, 50, ...quiet(20, 15)], 8);
  expect(desired.slice(19)).toEqual([8, 5, 5, 5, 2]);
});

test('without a copy in service there is no metric, and nothing changes', () => {
  const load = { averageConcurrency: 0, peakConcurrency: 0, copiesInService: 0, desiredCopies: 3, endSeconds: 15 };
  expect(hpa(MODEL)(load, LIMITS)).toBe(3);
});

test('copies at most double, or grow by 4, in a period', () => {
  expect(follow([1000, 1000], 1)).toEqual([5, 10]);
});

test('recommendations stay within the limits', () => {
  expect(follow([1000, 1000], 5)).toEqual([10, 20]);
  expect(follow(quiet(30, 0), 5).at(-1)).toBe(1);
});
