import fc from 'fast-check';
import { binomialPValue, fisherExactPValue, type Violations } from '../../../sim/statistics/violation-tests';

const counts = fc
  .integer({ min: 0, max: 40 })
  .chain((requests) =>
    fc.record({ requests: fc.constant(requests), violations: fc.integer({ min: 0, max: requests }) }),
  );

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

test('the lady tasting tea', () => {
  const before = { violations: 1, requests: 4 };
  expect(fisherExactPValue(before, { violations: 3, requests: 4 })).toBeCloseTo(17 / 70, 12);
  expect(fisherExactPValue({ ...before, violations: 0 }, { violations: 4, requests: 4 })).toBeCloseTo(1 / 70, 12);
});

test('at least as many and at most as many violations share just the observed outcome', () => {
  fc.assert(
    fc.property(counts, counts, (before, after) => {
      const others = ({ requests, violations }: Violations) => ({ requests, violations: requests - violations });
      const k = before.violations + after.violations;
      const observed =
        (choose(after.requests, after.violations) * choose(before.requests, before.violations)) /
        choose(before.requests + after.requests, k);
      const sum = fisherExactPValue(before, after) + fisherExactPValue(others(before), others(after));
      expect(sum).toBeCloseTo(1 + observed, 9);
    }),
  );
});

// Expectations computed with mpmath.
test('large counts keep their accuracy', () => {
  const before = { violations: 5000, requests: 100_000 };
  expect(fisherExactPValue(before, { violations: 5000, requests: 100_000 })).toBeCloseTo(0.5040929588, 7);
  expect(fisherExactPValue(before, { violations: 5300, requests: 100_000 })).toBeCloseTo(0.0012421838, 9);
  expect(fisherExactPValue(before, { violations: 100, requests: 100_000 })).toBeCloseTo(1, 9);
});

test('the binomial p-value is the sum of the upper tail', () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), ({ violations, requests }, p) => {
      let tail = 0;
      for (let k = violations; k <= requests; k++) tail += choose(requests, k) * p ** k * (1 - p) ** (requests - k);
      expect(binomialPValue({ violations, requests }, p)).toBeCloseTo(tail, 9);
    }),
  );
});

test('without requests nothing is shown', () => {
  const none = { violations: 0, requests: 0 };
  expect(fisherExactPValue(none, none)).toBe(1);
  expect(binomialPValue(none, 0.05)).toBe(1);
});

test('impossible counts are refused', () => {
  const none = { violations: 0, requests: 0 };
  expect(() => fisherExactPValue(none, { violations: 3, requests: 2 })).toThrow('from 0 to requests, got: 3 of 2');
  expect(() => binomialPValue({ violations: 0.5, requests: 2 }, 0.5)).toThrow('got: 0.5 of 2');
  expect(() => binomialPValue(none, 5)).toThrow('probability must be from 0 to 1, got: 5');
});
