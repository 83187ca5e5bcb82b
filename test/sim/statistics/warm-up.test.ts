import fc from 'fast-check';
import { randomStream } from '../../../sim/kernel/random';
import { mser5 } from '../../../sim/statistics/warm-up';
import { normalDraws } from './normal-draws';

const noise = normalDraws(randomStream(1, 'warm-up', 'noise'), 1000);

test('a steady series keeps nearly all of its values', () => {
  const { discard, hasSettled } = mser5(noise);
  expect(discard).toBeLessThan(100);
  expect(hasSettled).toBe(true);
});

test.each([50, 200, 400])('a warm-up that fades away in %p values is cut off', (length) => {
  const series = noise.map((z, i) => z + (i < length ? 20 * (1 - i / length) : 0));
  const { discard, hasSettled } = mser5(series);
  expect(discard).toBeGreaterThan(0.8 * length);
  expect(discard).toBeLessThan(length + 100);
  expect(hasSettled).toBe(true);
});

test('a series that never stops growing has not settled', () => {
  expect(mser5(Array.from({ length: 200 }, (_, i) => i))).toEqual({ discard: 100, hasSettled: false });
});

test('equal values keep all', () => {
  expect(mser5(new Float64Array(23).fill(0.1))).toEqual({ discard: 0, hasSettled: true });
});

test('scaling a series does not move the cut', () => {
  const series = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 10, maxLength: 100 });
  fc.assert(
    fc.property(series, (values) => {
      expect(mser5(values.map((value) => 4 * value))).toEqual(mser5(values));
    }),
  );
});

test('what cannot be judged is refused', () => {
  expect(() => mser5([1, 2, 3])).toThrow('MSER-5 needs at least 10 values, got: 3');
  expect(() => mser5([...Array(10).fill(1), Infinity])).toThrow('finite values, got: Infinity at 10; take a series');
});
