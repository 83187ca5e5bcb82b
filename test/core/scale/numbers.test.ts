import * as fc from 'fast-check';
import { isQuantileBelow, quantile } from '../../../core/scale/numbers';

test.each([
  [[30, 10, 20], 0.5, 20],
  [[10, 20], 0.25, 12.5],
  [[4], 0.95, 4],
  [[1, 2, 3], 1, 3],
  [[1, 2, 3], -1, 1],
])('of %j the %d quantile is %d', (values, q, expected) => {
  expect(quantile(values, q)).toBeCloseTo(expected, 12);
});

test('no values have no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow('a quantile needs at least one value, got none');
});

test('whether a quantile is below a limit is told without sorting', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.double({ min: 0, max: 8, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      value,
      (values, q, limit) => {
        expect(isQuantileBelow(values, q, limit)).toBe(quantile(values, q) < limit);
      },
    ),
    { numRuns: 1000 },
  );
});

test('no values have no quantile to compare', () => {
  expect(() => isQuantileBelow([], 0.5, 1)).toThrow('a quantile needs at least one value, got none');
});
