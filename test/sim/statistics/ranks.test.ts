import { randomStream } from '../../../sim/kernel/random';
import { medianInterval, medianRatio } from '../../../sim/statistics/ranks';
import { normalDraws } from './normal-draws';

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test.each([
  [5, -Infinity, Infinity],
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [20, 6, 15],
  [50, 18, 33],
])('of %p values, the order statistics %p and %p enclose the median', (count, low, high) => {
  expect(medianInterval(upTo(count).toReversed())).toEqual({ mean: (count + 1) / 2, low, high });
});

test('the interval holds the median of a skewed distribution in at least 95 % of cases', () => {
  const random = randomStream(1, 'ranks', 'draws');
  const held = upTo(2000).filter(() => {
    const { low, high } = medianInterval(normalDraws(random, 20).map((z) => Math.exp(2 * z)));
    return low <= 1 && high >= 1;
  });
  expect(held.length / 2000).toBeGreaterThan(0.945);
  expect(held.length / 2000).toBeLessThan(0.975);
});

test('an infinite value is worse than any other, and no better than another', () => {
  const of = [Infinity, Infinity, 1, 1, 1, 1, 1, 1, 1, 1];
  const against = [Infinity, 2, Infinity, 2, 2, 2, 2, 2, 2, 2];
  const { mean, low, high, pValue } = medianRatio(of, against);
  expect([mean, low, high]).toEqual([0.5, 0.5, 1]);
  // Eight below and one above, of nine that differ.
  expect(pValue).toBeCloseTo((2 * (1 + 9)) / 2 ** 9, 12);
});

test('swapping the sides inverts the ratio and keeps the p-value', () => {
  const of = upTo(20).map((n) => n * (1 + (n % 3)));
  const ratio = medianRatio(of, upTo(20));
  const inverse = medianRatio(upTo(20), of);
  expect([inverse.low, inverse.high]).toEqual([1 / ratio.high, 1 / ratio.low]);
  expect(inverse.pValue).toBe(ratio.pValue);
});

test('equal sides differ by nothing', () => {
  expect(medianRatio(upTo(6), upTo(6))).toEqual({ mean: 1, low: 1, high: 1, pValue: 1 });
});

test('what cannot be compared is refused', () => {
  expect(() => medianRatio([1], [1, 2])).toThrow('one value of each seed on both sides, got: 1 and 2');
  expect(() => medianRatio([0], [1])).toThrow('a ratio needs positive values, got: 0 over 1');
  expect(() => medianInterval([])).toThrow('at least 1 value');
});
