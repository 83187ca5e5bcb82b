import fc from 'fast-check';
import { safeStep } from '../../../core/scale/safe-step';

const bounds = { minTarget: 1, maxTarget: 64 };

test.each([
  ['lower', 10, 2, 1, 7.5],
  ['lower', 10, 9, 1, 9],
  ['lower', 10, 9.8, 1, undefined],
  ['lower', 10, -3, 1, 7.5],
  ['lower', 10, 20, 1, undefined],
  ['lower', 10, 2, 0.5, 8.75],
  ['lower', 1.1, 0.1, 1, 1],
  ['lower', 1, 0.1, 1, undefined],
  ['raise', 10, 20, 1, 11],
  ['raise', 10, 10.4, 1, 10.4],
  ['raise', 10, 10.2, 1, undefined],
  ['raise', 10, 5, 1, undefined],
  ['raise', 10, 20, 0.5, 10.5],
  ['raise', 10, 20, 0.25, undefined],
  ['raise', 62, 100, 1, 64],
  ['raise', 3.33, 9, 1, 3.66],
  ['raise', 80, 100, 1, undefined],
  ['lower', 80, 10, 1, 60],
  ['lower', 90, 10, 1, 64],
] as const)('%s from %d toward %d with trust %d gives %p', (direction, target, wanted, trust, next) => {
  expect(safeStep(direction, target, wanted, trust, bounds)).toBe(next);
});

test('a step stays within its bounds, its direction and its size', () => {
  const targets = fc.double({ min: 1, max: 64, noNaN: true });
  const trust = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom('lower' as const, 'raise' as const),
      targets,
      fc.double(),
      trust,
      (way, from, to, radius) => {
        fc.pre(!Number.isNaN(to));
        const next = safeStep(way, from, to, radius, bounds);
        if (next === undefined) return;
        expect(next).toBeGreaterThanOrEqual(1);
        expect(next).toBeLessThanOrEqual(64);
        const rounding = 0.005 + 1e-9;
        if (way === 'lower') {
          expect(next).toBeLessThan(from);
          expect(next).toBeGreaterThanOrEqual(from * (1 - 0.25 * radius) - rounding);
        } else {
          expect(next).toBeGreaterThan(from);
          expect(next).toBeLessThanOrEqual(from * (1 + 0.1 * radius) + rounding);
        }
      },
    ),
  );
});
