import fc from 'fast-check';
import { fisherPValue } from '../../../core/scale/fisher';

test.each([
  // Fisher's tea: 17 of 70 ways.
  [4, 1, 4, 3, 17 / 70],
  // All four violations after the change: 1 of 70 ways.
  [4, 0, 4, 4, 1 / 70],
  // 1 - C(10, 0) C(10, 2) / C(20, 2) = 1 - 45 / 190
  [10, 1, 10, 1, 145 / 190],
  [10, 2, 10, 0, 1],
  [100, 0, 100, 0, 1],
  [0, 0, 10, 3, 1],
])('%i requests with %i violations, then %i with %i: p = %d', (n1, k1, n2, k2, p) => {
  expect(fisherPValue({ requests: n1, violations: k1 }, { requests: n2, violations: k2 })).toBeCloseTo(p, 12);
});

test('the probabilities of all outcomes of a window add up to one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), fc.nat(), (before, after, seed) => {
      const violations = seed % (before + after + 1);
      const fewest = Math.max(0, violations - before);
      const p = fisherPValue(
        { requests: before, violations: violations - fewest },
        { requests: after, violations: fewest },
      );
      expect(p).toBeCloseTo(1, 9);
    }),
  );
});

test('more violations after the change are never more likely by chance', () => {
  const share = fc.integer({ min: 0, max: 5000 });
  fc.assert(
    fc.property(share, share, share, (before, a, b) => {
      const p = (violations: number) =>
        fisherPValue({ requests: 5000, violations: before }, { requests: 5000, violations });
      expect(p(Math.max(a, b))).toBeLessThanOrEqual(p(Math.min(a, b)) + 1e-9);
    }),
  );
});

test.each([
  [{ requests: 3, violations: 4 }],
  [{ requests: 3, violations: -1 }],
  [{ requests: NaN, violations: 0 }],
  [{ requests: 3, violations: 1.5 }],
])('%j is refused', (outcomes) => {
  expect(() => fisherPValue(outcomes, { requests: 1, violations: 0 })).toThrow(
    'before must have whole numbers, 0 <= violations <= requests',
  );
});
