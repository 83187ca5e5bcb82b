import { type KpaModel, kpa } from '../../../sim/control/kpa';

/** The defaults of Knative: https://knative.dev/docs/serving/autoscaling/kpa-specific/ */
const MODEL: KpaModel = {
  kind: 'kpa',
  periodSeconds: 2,
  publicationLagSeconds: 0,
  stableWindowSeconds: 60,
  panicWindowShare: 0.1,
  panicThreshold: 2,
  utilization: 0.7,
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  scaleToZeroGraceSeconds: 30,
};
/** Held at 70 %: 7 calls a copy. */
const LIMITS = { minCopies: 0, maxCopies: 100, targetConcurrency: 10 };

/** Desired copies after one period after another; each change takes effect at once. */
function follow(concurrencies: readonly number[], copies: number, model = MODEL): number[] {
  const rule = kpa(model);
  let desiredCopies = copies;
  return concurrencies.map((averageConcurrency, at) => {
    const load = { averageConcurrency, peakConcurrency: averageConcurrency, desiredCopies };
    desiredCopies = rule({ ...load, copiesInService: desiredCopies, endSeconds: 2 * (at + 1) }, LIMITS);
    return desiredCopies;
  });
}

const periods = (count: number, concurrency: number): number[] => Array(count).fill(concurrency);

test('the mean of the stable window over 70 % of the target, rounded up', () => {
  expect(follow(periods(3, 15), 3)).toEqual([3, 3, 3]);
  expect(follow([22], 3)).toEqual([4]);
});

test('the stable window forgets what is older than a minute', () => {
  // 30 periods of 14 calls and then of 27: after 16 of those the mean is 20.9, after 17 it is 21.4.
  const desired = follow([...periods(30, 14), ...periods(30, 27)], 2);
  expect(desired.slice(0, 30)).toEqual(periods(30, 2));
  expect(desired[30]).toBe(3);
  expect(desired[45]).toBe(3);
  expect(desired[46]).toBe(4);
});

test('a burst to twice what the copies hold is answered at once by the panic window', () => {
  // After 3 periods of 42 in a window of 6 s: 42 / 7.
  const desired = follow([...periods(30, 7), ...periods(3, 42)], 1);
  expect(desired.slice(29)).toEqual([1, 3, 5, 6]);
});

test('nothing is taken until a minute after the panic', () => {
  const desired = follow([...periods(30, 7), ...periods(3, 42), ...periods(60, 7)], 1);
  const panicEnd = desired.findIndex((copies, at) => at > 33 && copies < 6);
  // The last time over the threshold is period 31: 5 copies for 3.
  expect(desired.slice(33, panicEnd)).toEqual(periods(panicEnd - 33, 6));
  expect((panicEnd - 30) * 2).toBeGreaterThanOrEqual(60);
  expect(desired.at(-1)).toBe(1);
});

test('it takes at most half of the copies at a time', () => {
  expect(follow([7, 7, 7, 7], 20).slice(0, 4)).toEqual([10, 5, 2, 1]);
});

test('it adds no more than the greatest rate allows', () => {
  expect(follow([700], 2, { ...MODEL, maxScaleUpRate: 3 })).toEqual([6]);
});

test('the last copy stays for the stable window and the grace period after its last call', () => {
  const desired = follow([3, ...periods(60, 0)], 1);
  // The last call at 2 s, zero copies at 92 s.
  expect(2 * (desired.indexOf(0) + 1)).toBe(92);
});

test('without a copy in service nothing changes', () => {
  const load = { averageConcurrency: 0, peakConcurrency: 0, copiesInService: 0, desiredCopies: 3, endSeconds: 2 };
  expect(kpa(MODEL)(load, LIMITS)).toBe(3);
});
