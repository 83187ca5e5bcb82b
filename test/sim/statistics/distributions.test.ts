import { incompleteBeta, logGamma } from '../../../sim/statistics/incomplete-beta';
import { criticalT, twoSidedTail } from '../../../sim/statistics/student-t';

// Expectations computed with mpmath.
const relativeError = (got: number, expected: number) => Math.abs(got / expected - 1);

test.each([
  [1, 12.7062047361747],
  [2, 4.302652729749464],
  [4, 2.776445105197794],
  [9, 2.262157162798206],
  [19, 2.09302405440831],
  [99, 1.984216951586417],
  [1000, 1.962339080826408],
])('Student t of %p degrees of freedom lies within %p in 95 %% of cases', (degrees, expected) => {
  expect(relativeError(criticalT(0.95, degrees), expected)).toBeLessThan(1e-12);
});

test.each([
  [3.5, 19, 0.002395346689682811],
  [10, 4, 0.0005620036227159912],
])('Student t is at least %p away from 0, at %p degrees of freedom, with probability %p', (t, degrees, expected) => {
  expect(relativeError(twoSidedTail(t, degrees), expected)).toBeLessThan(1e-12);
  expect(twoSidedTail(-t, degrees)).toBe(twoSidedTail(t, degrees));
});

test('the incomplete beta function of whole parameters is a polynomial, and symmetric', () => {
  for (const x of [0, 0.01, 0.3, 0.5, 0.9, 1]) {
    expect(incompleteBeta(x, 2, 2)).toBeCloseTo(x * x * (3 - 2 * x), 14);
    expect(incompleteBeta(x, 7, 3) + incompleteBeta(1 - x, 3, 7)).toBeCloseTo(1, 14);
  }
});

test('the gamma function of whole numbers is the factorial', () => {
  let logFactorial = 0;
  for (let n = 1; n <= 200; n++) {
    expect(Math.abs(logGamma(n) - logFactorial)).toBeLessThan(1e-12 * Math.max(1, logFactorial));
    logFactorial += Math.log(n);
  }
});
