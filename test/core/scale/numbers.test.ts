import { quantile } from '../../../core/scale/numbers';

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
