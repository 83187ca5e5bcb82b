import fc from 'fast-check';
import { holmAdjusted } from '../../../sim/statistics/holm';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

test('four p-values are adjusted as in the textbook', () => {
  const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
  expect(adjusted.map((p) => Math.round(p * 1e12) / 1e12)).toEqual([0.03, 0.06, 0.06, 0.02]);
});

test('adjusting keeps the order, raises no p-value by more than Bonferroni does, and lowers none', () => {
  fc.assert(
    fc.property(pValues, (given) => {
      const adjusted = holmAdjusted(given);
      given.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * given.length));
        given.forEach((q, j) => {
          if (p <= q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        });
      });
    }),
  );
});

test('a p-value outside 0 to 1 is refused', () => {
  expect(() => holmAdjusted([0.5, 1.2])).toThrow('p-values must be from 0 to 1, got: 1.2');
});
