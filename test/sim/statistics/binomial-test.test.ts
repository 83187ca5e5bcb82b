import fc from 'fast-check';
import { binomialPValue } from '../../../sim/statistics/binomial-test';

const counts = fc
  .integer({ min: 0, max: 40 })
  .chain((requests) =>
    fc.record({ requests: fc.constant(requests), violations: fc.integer({ min: 0, max: requests }) }),
  );

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

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
  expect(binomialPValue(none, 0.05)).toBe(1);
});

test('impossible counts are refused', () => {
  const none = { violations: 0, requests: 0 };
  expect(() => binomialPValue({ violations: 3, requests: 2 }, 0.5)).toThrow('from 0 to requests, got: 3 of 2');
  expect(() => binomialPValue({ violations: 0.5, requests: 2 }, 0.5)).toThrow('got: 0.5 of 2');
  expect(() => binomialPValue(none, 5)).toThrow('probability must be from 0 to 1, got: 5');
});
