import fc from 'fast-check';
import { randomStream } from '../../../sim/kernel/random';
import { confidenceInterval, meanIsZeroPValue } from '../../../sim/statistics/interval';
import { mean, standardDeviation } from '../../../sim/statistics/moments';
import { normalDraws } from './normal-draws';

test('five values have the mean, deviation and interval of the textbook', () => {
  const values = [4, 5, 6, 7, 8];
  expect(mean(values)).toBe(6);
  expect(standardDeviation(values)).toBeCloseTo(1.5811388300841898, 14);
  const { low, high } = confidenceInterval(values);
  expect(low).toBeCloseTo(6 - 1.963243161, 8);
  expect(high).toBeCloseTo(6 + 1.963243161, 8);
});

test.each([3, 20])('95 %% of the intervals of %p normal values contain the true mean', (seeds) => {
  const random = randomStream(1, 'interval', `${seeds}`);
  const repeats = 500;
  let covered = 0;
  for (let i = 0; i < repeats; i++) {
    const { low, high } = confidenceInterval(normalDraws(random, seeds).map((z) => 100 + 15 * z));
    if (low <= 100 && 100 <= high) covered++;
  }
  // Three standard errors of the share.
  expect(Math.abs(covered / repeats - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / repeats));
});

test('an interval excludes 0 exactly where the p-value is below 5 %', () => {
  const values = fc.array(fc.integer({ min: -50, max: 100 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, (sample) => {
      const { low, high } = confidenceInterval(sample);
      expect(low > 0 || high < 0).toBe(meanIsZeroPValue(sample) < 0.05);
    }),
  );
});

test('p-values are uniform where the mean is 0', () => {
  const random = randomStream(2, 'interval', 'p');
  const pValues = Array.from({ length: 4000 }, () => meanIsZeroPValue(normalDraws(random, 10)));
  for (const level of [0.01, 0.05, 0.5]) {
    const share = pValues.filter((p) => p < level).length / pValues.length;
    expect(Math.abs(share - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / pValues.length));
  }
});

test('equal values leave no doubt', () => {
  expect(confidenceInterval([7, 7, 7])).toEqual({ mean: 7, low: 7, high: 7 });
  expect(meanIsZeroPValue([7, 7, 7])).toBe(0);
  expect(meanIsZeroPValue([0, 0, 0])).toBe(1);
});

test.each([
  ['one value', [7], 7],
  ['a run in which too many requests failed', [7, Infinity, 8], Infinity],
])('%s bounds nothing', (_, values, expected) => {
  expect(confidenceInterval(values)).toEqual({ mean: expected, low: -Infinity, high: Infinity });
  expect(meanIsZeroPValue(values)).toBe(1);
});

test('no values have no mean', () => {
  expect(() => confidenceInterval([])).toThrow('a mean needs at least 1 value, got: 0');
});
