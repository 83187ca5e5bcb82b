import fc from 'fast-check';
import {
  bandPercentiles,
  hasSlack,
  judgeP95,
  type LatencyDistribution,
  MIN_SAMPLES,
  measureP95,
} from '../../../core/scale/p95-verdict';

/** The distribution of the given latencies, with percentiles by linear interpolation. */
function distributionOf(latenciesMs: readonly number[]): LatencyDistribution {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  return {
    count: sorted.length,
    percentileMs: (p) => {
      const rank = (p / 100) * (sorted.length - 1);
      const below = Math.floor(rank);
      return sorted[below]! + (rank - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
    },
  };
}

const judge = (ms: readonly number[], objectiveMs: number) => judgeP95(measureP95(distributionOf(ms)), objectiveMs);
const latencies = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: MIN_SAMPLES, maxLength: 500 });

test('a fleet whose slowest requests meet the objective is never in breach', () => {
  fc.assert(fc.property(latencies, (ms) => judge(ms, Math.max(...ms)).verdict !== 'breach'));
});

test('scaling every latency and the objective by the same factor changes no verdict', () => {
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 60_000 }), (ms, objectiveMs) => {
      const doubled = ms.map((x) => 2 * x);
      expect(judge(doubled, 2 * objectiveMs).verdict).toBe(judge(ms, objectiveMs).verdict);
    }),
  );
});

test.each([
  [60, 89.485, null],
  [72, 89.966, null],
  [73, 90, 100],
  [100, 90.728, 99.272],
  [200, 91.979, 98.021],
  [1000, 93.649, 96.351],
])('the P95 of %i requests lies between percentiles %d and %p', (count, low, high) => {
  const band = bandPercentiles(count);
  expect(band.low).toBeCloseTo(low, 2);
  if (high === null) expect(band.high).toBeNull();
  else expect(band.high).toBeCloseTo(high, 2);
});

test.each([
  [{ lowMs: 1001, p95Ms: 1100, highMs: 1200 }, 'breach'],
  [{ lowMs: 1000, p95Ms: 1100, highMs: 1200 }, 'hold'],
  [{ lowMs: 500, p95Ms: 600, highMs: 699 }, 'hold'],
  [{ lowMs: 1001, p95Ms: 1100, highMs: null }, 'breach'],
])('a band of %j under an objective of 1000 ms is a %s', (band, verdict) => {
  expect(judgeP95({ count: 100, ...band }, 1000).verdict).toBe(verdict);
});

test.each([
  [772, 1.1, true],
  [773, 1.1, false],
  [849, 1, true],
  [850, 1, false],
  [null, 1, false],
])('a P95 of at most %p ms that a raise multiplies by %d has slack below 850 ms: %p', (highMs, growth, expected) => {
  expect(hasSlack({ count: 100, p95Ms: 600, lowMs: 500, highMs }, 1000, growth)).toBe(expected);
});

test('no band is slack and breach at once', () => {
  const ms = fc.integer({ min: 1, max: 60_000 });
  fc.assert(
    fc.property(latencies, ms, fc.double({ min: 1, max: 1.1, noNaN: true }), (sample, objectiveMs, growth) => {
      const measured = measureP95(distributionOf(sample));
      const isBreach = judgeP95(measured, objectiveMs).verdict === 'breach';
      expect(isBreach && hasSlack(measured, objectiveMs, growth)).toBe(false);
    }),
  );
});

test('sixty requests cannot prove slack, because no sample bounds their P95 from above', () => {
  expect(hasSlack(measureP95(distributionOf(Array<number>(60).fill(10))), 10_000, 1)).toBe(false);
  const judgement = judge(Array<number>(60).fill(10), 10_000);
  expect(judgement).toEqual({ verdict: 'hold', reason: 'P95 in [10, ∞] ms, objective 10000 ms' });
});

test('too few requests give no verdict', () => {
  expect(judge([1, 2, 3], 100)).toEqual({ verdict: 'too-few-samples', reason: '3 of 60 requests' });
});

test.each([0, -1, NaN])('an objective of %p ms is refused', (objectiveMs) => {
  expect(() => judge([1], objectiveMs)).toThrow(`objectiveMs must be positive, got: ${objectiveMs}`);
});
