import fc from 'fast-check';
import { randomStream } from '../../../sim/kernel/random';
import { bcaInterval } from '../../../sim/statistics/bootstrap';
import { confidenceInterval } from '../../../sim/statistics/interval';
import { mean } from '../../../sim/statistics/moments';
import { quantile } from '../../../sim/statistics/quantile';
import { normalDraws } from './normal-draws';

const median = (values: ArrayLike<number>) => quantile(values, 0.5);

test('the interval of a mean contains the mean of the values', () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer(), (sample, seed) => {
      const interval = bcaInterval(sample, mean, randomStream(seed, 'bca', 'draws'), 200);
      expect(interval.mean).toBe(mean(sample));
      expect(interval.low).toBeLessThanOrEqual(interval.mean + 1e-9);
      expect(interval.high).toBeGreaterThanOrEqual(interval.mean - 1e-9);
    }),
  );
});

test.each([
  ['mean', 'normal', mean, (z: number) => z, 0],
  ['mean', 'lognormal', mean, Math.exp, Math.exp(0.5)],
  ['median', 'lognormal', median, Math.exp, 1],
] as const)('most intervals of the %s of thirty %s values contain the true one', (_, _of, statistic, shape, truth) => {
  const random = randomStream(3, 'bca', 'coverage');
  const repeats = 100;
  let covered = 0;
  for (let i = 0; i < repeats; i++) {
    const { low, high } = bcaInterval(normalDraws(random, 30).map(shape), statistic, random, 400);
    if (low <= truth && truth <= high) covered++;
  }
  // Small samples of a skewed distribution cover less than 95 %.
  expect(covered / repeats).toBeGreaterThan(0.86);
  expect(covered / repeats).toBeLessThan(1);
});

test('of many symmetric values it agrees with Student t', () => {
  const values = normalDraws(randomStream(4, 'bca', 'many'), 200);
  const t = confidenceInterval(values);
  const bca = bcaInterval(values, mean, randomStream(4, 'bca', 'draws'));
  expect(Math.abs(bca.low - t.low)).toBeLessThan(0.1 * (t.high - t.low));
  expect(Math.abs(bca.high - t.high)).toBeLessThan(0.1 * (t.high - t.low));
});

test('the interval of a skewed mean reaches farther to the long side', () => {
  const values = normalDraws(randomStream(5, 'bca', 'skewed'), 40).map((z) => Math.exp(z));
  const { mean: center, low, high } = bcaInterval(values, mean, randomStream(5, 'bca', 'draws'));
  expect(high - center).toBeGreaterThan(1.2 * (center - low));
});

test('one value far from all others does not turn the interval inside out', () => {
  const values = [...Array(29).fill(1), 1000];
  const { mean: center, low, high } = bcaInterval(values, mean, randomStream(6, 'bca', 'draws'));
  expect([low <= center, center <= high, high <= 1000]).toEqual([true, true, true]);
});

test('infinite values leave the interval open above', () => {
  const latencies = [
    ...Array(25)
      .fill(1)
      .map((_, i) => 100 + i),
    Infinity,
    Infinity,
  ];
  const p95 = (sample: ArrayLike<number>) => quantile(sample, 0.95);
  const { low, high } = bcaInterval(latencies, p95, randomStream(7, 'bca', 'draws'));
  expect(low).toBeLessThan(Infinity);
  expect(high).toBe(Infinity);
});

test('equal values leave no doubt, and one value is too few', () => {
  expect(bcaInterval([5, 5, 5], mean, randomStream(8, 'bca', 'draws'))).toEqual({ mean: 5, low: 5, high: 5 });
  expect(() => bcaInterval([5], mean, randomStream(8, 'bca', 'draws'))).toThrow('at least 2 values, got: 1');
});
