import fc from 'fast-check';
import { type LatencyFit, NO_FIT } from '../../../core/scale/latency-fit';
import { fittedTarget, proposeTarget, raiseGrowth } from '../../../core/scale/target-proposal';

const fitted: LatencyFit = {
  ...NO_FIT,
  interceptMs: 400,
  slopeMs: 50,
  levels: [1, 2, 3, 4, 5, 6, 7, 8],
  correction: 1.25,
};

test('the target is where the fitted line, as corrected, meets 85 % of the objective', () => {
  // (0.85 * 1000 / 1.25 - 400) / 50
  const { target, reason } = proposeTarget(fitted, 10, 1100, 1000);
  expect(target).toBeCloseTo(5.6, 10);
  expect(reason).toBe('fit: P95 = 400 + 50 × concurrency ms, observed 1.25 times that');
});

test('without a usable fit the target changes by the square root of the error', () => {
  // 10 * sqrt(850 / 3400)
  const { target, reason } = proposeTarget(NO_FIT, 10, 3400, 1000);
  expect(target).toBeCloseTo(5, 10);
  expect(reason).toBe('no usable fit yet (0 levels of load): square root of 850 / 3400 ms');
});

test.each([fitted, NO_FIT])('a stricter objective never allows more concurrency', (fit) => {
  const ms = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(ms, ms, ms, (p95Ms, a, b) => {
      const strict = proposeTarget(fit, 10, p95Ms, Math.min(a, b)).target;
      expect(strict).toBeLessThanOrEqual(proposeTarget(fit, 10, p95Ms, Math.max(a, b)).target);
    }),
  );
});

test('only a usable line asks for a target whatever the present one', () => {
  expect(fittedTarget(fitted, 1000)).toBeCloseTo(5.6, 10);
  expect(fittedTarget(NO_FIT, 1000)).toBeUndefined();
});

test('a tenth more concurrency adds what the line says to the P95, without a line a tenth', () => {
  // 400 + 50 * 8 = 800, 400 + 50 * 8.8 = 840
  expect(raiseGrowth(fitted, 8)).toBeCloseTo(1.05, 10);
  expect(raiseGrowth(NO_FIT, 8)).toBe(1.1);
});

test('no line lets the P95 grow by more than the concurrency, nor shrink', () => {
  const any = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(any, fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (interceptMs, slopeMs) => {
      const growth = raiseGrowth({ ...fitted, interceptMs, slopeMs }, 8);
      expect(growth).toBeGreaterThanOrEqual(1);
      expect(growth).toBeLessThanOrEqual(1.1);
    }),
  );
});
