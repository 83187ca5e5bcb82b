import fc from 'fast-check';
import { breakEvenDiscount } from '../../../sim/statistics/break-even';

const usd = fc.integer({ min: 0, max: 10_000 });
const costs = fc
  .tuple(usd, usd, usd)
  .map(([staticUsd, floor, burst]) => ({ staticUsd, modularUsd: floor + burst, modularFloorUsd: floor }));

test('at the break-even discount both cost the same, below it modular is cheaper', () => {
  fc.assert(
    fc.property(costs, (fleets) => {
      fc.pre(fleets.staticUsd > fleets.modularUsd);
      const discount = breakEvenDiscount(fleets);
      const less = (d: number) => (1 - d) * fleets.staticUsd - (fleets.modularUsd - d * fleets.modularFloorUsd);
      expect(discount).toBeGreaterThan(0);
      expect(discount).toBeLessThanOrEqual(1);
      expect(less(discount)).toBeCloseTo(0, 6);
      expect(less(0.99 * discount)).toBeGreaterThan(0);
    }),
  );
});

test('a static fleet that costs no more breaks even without a discount', () => {
  expect(breakEvenDiscount({ staticUsd: 80, modularUsd: 100, modularFloorUsd: 90 })).toBe(0);
  expect(breakEvenDiscount({ staticUsd: 0, modularUsd: 0, modularFloorUsd: 0 })).toBe(0);
});

test('a saving of 40 % without a floor takes a discount of 40 %', () => {
  expect(breakEvenDiscount({ staticUsd: 100, modularUsd: 60, modularFloorUsd: 0 })).toBe(0.4);
});

test('impossible costs are refused', () => {
  expect(() => breakEvenDiscount({ staticUsd: -1, modularUsd: 1, modularFloorUsd: 0 })).toThrow(
    'staticUsd must not be',
  );
  expect(() => breakEvenDiscount({ staticUsd: 1, modularUsd: 1, modularFloorUsd: 2 })).toThrow(
    'modularFloorUsd must be from 0 to modularUsd (1), got: 2',
  );
});
