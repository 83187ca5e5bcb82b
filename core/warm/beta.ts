const STEPS = 60;
const SMALL = 1e-300;
const CLOSE = 1e-12;

/** Coefficients of the Lanczos approximation for g = 5, n = 6 (Press et al., *Numerical Recipes*, section 6.1). */
const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/**
 * The value that a Beta(a, b) variable stays below with probability `p`.
 *
 * Newton's method, kept inside a bracket that shrinks around the root; a and b must be positive.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < STEPS && high - low > CLOSE; step++) {
    const excess = regularizedBeta(x, a, b, logBeta) - p;
    if (excess > 0) high = x;
    else low = x;
    const slope = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const next = x - excess / slope;
    const isInside = next > low && next < high;
    const moved = isInside ? next : (low + high) / 2;
    if (Math.abs(moved - x) < CLOSE) return moved;
    x = moved;
  }
  return x;
}

/** Probability that a Beta(a, b) variable is at most x: the regularized incomplete beta function. */
export function betaProbability(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return regularizedBeta(x, a, b, logGamma(a) + logGamma(b) - logGamma(a + b));
}

/** The fraction converges fast on this side of the mean only; the other side is its mirror image. */
function regularizedBeta(x: number, a: number, b: number, logBeta: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta);
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** Continued fraction of the incomplete beta function by Lentz's method (*Numerical Recipes*, section 6.4). */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / atLeastSmall(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 200; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / atLeastSmall(1 + even * d);
    c = atLeastSmall(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / atLeastSmall(1 + odd * d);
    c = atLeastSmall(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return value;
}

function atLeastSmall(x: number): number {
  return Math.abs(x) < SMALL ? SMALL : x;
}

function logGamma(x: number): number {
  const base = x + 5.5;
  let series = 1.000000000190015;
  for (let i = 0; i < LANCZOS.length; i++) series += LANCZOS[i]! / (x + 1 + i);
  return (x + 0.5) * Math.log(base) - base + Math.log((Math.sqrt(2 * Math.PI) * series) / x);
}
