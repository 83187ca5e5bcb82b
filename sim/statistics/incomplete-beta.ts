/** Relative size of a factor's last change at which the continued fraction has converged. */
const CONVERGED = 1e-15;

/** Stands in for a zero denominator of the continued fraction (Lentz's method). */
const TINY = 1e-300;

/**
 * The regularised incomplete beta function I_x(a, b), for 0 <= x <= 1 and positive a and b: the distribution function
 * behind Student's t and the binomial.
 *
 * Source: continued fraction by the modified Lentz method, *Numerical Recipes*, 3rd edition, section 6.4. It converges
 * in about sqrt(max(a, b)) terms.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const front = Math.exp(logFront);
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;

    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    // Written so that NaN ends the loop too.
    if (!(Math.abs(d * c - 1) > CONVERGED)) return fraction;
  }
}

const nonZero = (value: number) => (Math.abs(value) < TINY ? TINY : value);

/** Lanczos's coefficients for g = 7 (Paul Godfrey, http://www.numericana.com/answer/info/godfrey.htm). */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.1385710952657201, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The natural logarithm of the gamma function, for x >= 0.5. */
export function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, coefficient, i) => sum + coefficient / (x + i), 0.99999999999980993);
  const shifted = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shifted) - shifted + Math.log(series);
}
