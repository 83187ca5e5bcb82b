import fc from 'fast-check';
import { quantile, quantileOfSorted, quantiles } from '../../../sim/statistics/quantile';

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

test.each([
  [0, 10],
  [0.5, 25],
  [0.95, 38.5],
  [1, 40],
])('quantile %p of 10, 20, 30, 40 lies between its neighbours: %p', (p, expected) => {
  expect(quantile([40, 10, 30, 20], p)).toBeCloseTo(expected, 10);
});

test('quantiles rise with their probability, within the range of the values', () => {
  fc.assert(
    fc.property(values, probability, probability, (sample, p, q) => {
      const [low, high] = quantiles(sample, [Math.min(p, q), Math.max(p, q)]);
      expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
      expect(high! - low!).toBeGreaterThanOrEqual(-1e-6);
      expect(high).toBeLessThanOrEqual(Math.max(...sample) + 1e-6);
    }),
  );
});

test('a typed array has the quantiles of its numbers and keeps its order', () => {
  const column = Uint32Array.of(300, 5, 40);
  expect(quantiles(column, [0, 0.5, 1])).toEqual([5, 40, 300]);
  expect([...column]).toEqual([300, 5, 40]);
});

test('failed requests make infinite those quantiles that they take part in', () => {
  const latencies = Float64Array.from({ length: 101 }, (_, i) => (i < 96 ? i : Infinity));
  expect(quantiles(latencies, [0.5, 0.95, 0.951, 0.99, 1])).toEqual([50, 95, Infinity, Infinity, Infinity]);
  expect(quantile([Infinity, Infinity], 0.5)).toBe(Infinity);
  expect(quantile([-Infinity, 7], 0.5)).toBe(-Infinity);
});

test('sorted values are not sorted again', () => {
  expect(quantileOfSorted([1, 2, 3], 0.75)).toBe(2.5);
});

test('what has no quantile is refused', () => {
  expect(() => quantile([], 0.5)).toThrow('quantiles need at least 1 value, got: 0');
  expect(() => quantile([1, NaN], 0.5)).toThrow('quantiles need numbers, got: NaN');
  expect(() => quantile([1], 95)).toThrow('probability must be from 0 to 1, got: 95');
});
