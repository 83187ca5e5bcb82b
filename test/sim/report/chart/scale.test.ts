import fc from 'fast-check';
import { extentOf, linearScale, logScale, scaleFor } from '../../../../sim/report/chart/scale';

const domains = fc
  .tuple(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: 1.05, max: 1e4, noNaN: true }))
  .map(([low, ratio]) => [low, low * ratio] as const);

test('the ends of the domain lie on the ends of the pixels', () => {
  fc.assert(
    fc.property(domains, ([low, high]) => {
      for (const scale of [linearScale([low, high], [10, 500], 6), logScale([low, high], [10, 500], 6)]) {
        expect(scale.at(low)).toBeCloseTo(10, 6);
        expect(scale.at(high)).toBeCloseTo(500, 6);
      }
    }),
  );
});

test('ticks rise, lie within the domain, and there are neither too few nor too many', () => {
  fc.assert(
    fc.property(domains, fc.integer({ min: 3, max: 10 }), ([low, high], count) => {
      for (const scale of [linearScale([low, high], [0, 1], count), logScale([low, high], [0, 1], count)]) {
        const slack = (high - low) * 1e-6;
        expect(scale.ticks.length).toBeGreaterThanOrEqual(1);
        expect(scale.ticks.length).toBeLessThanOrEqual(2 * count + 2);
        expect(scale.ticks.every((tick) => tick >= low - slack && tick <= high + slack)).toBe(true);
        expect(scale.ticks.every((tick, i) => i === 0 || tick > scale.ticks[i - 1]!)).toBe(true);
      }
    }),
  );
});

test('ticks are round numbers', () => {
  expect(linearScale([0, 12.4], [0, 1], 6).ticks).toEqual([0, 2, 4, 6, 8, 10, 12]);
  expect(logScale([3, 200], [0, 1], 7).ticks).toEqual([5, 10, 20, 50, 100, 200]);
});

test('values that are far apart get a logarithmic scale, others and those with a zero a linear one', () => {
  expect(scaleFor([5, 6, 300], [0, 1], 5).isLog).toBe(true);
  expect(scaleFor([5, 6, 9], [0, 1], 5).isLog).toBe(false);
  expect(scaleFor([0, 300], [0, 1], 5).isLog).toBe(false);
});

test('a domain of one value lies in the middle', () => {
  expect(linearScale([7, 7], [0, 100], 5).at(7)).toBe(50);
});

test('the extent passes over what is not finite', () => {
  expect(extentOf([3, Number.NaN, -1, Infinity])).toEqual([-1, 3]);
  expect(extentOf([])).toEqual([0, 1]);
});
