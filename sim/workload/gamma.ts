import { inverseNormal } from './normal';

/** Lanczos's coefficients for g = 7. */
const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
];

/**
 * The logarithm of the gamma function of a positive number, to about 14 digits.
 *
 * Source: C. Lanczos, A Precision Approximation of the Gamma Function, 1964, https://doi.org/10.1137/0701008.
 */
export function logGamma(x: number): number {
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i - 1);
  const t = x + 6.5;
  return (x - 0.5) * Math.log(t) - t + Math.log(Math.sqrt(2 * Math.PI) * sum);
}

/**
 * A draw of the gamma distribution with scale 1. `uniform` gives independent draws in (0, 1).
 *
 * Source: G. Marsaglia and W. W. Tsang, A Simple Method for Generating Gamma Variables, 2000,
 * https://doi.org/10.1145/358407.358414; a shape below 1 is that of one more, shrunk by a power of a uniform.
 */
export function gammaDraw(shape: number, uniform: () => number): number {
  if (shape < 1) return gammaDraw(shape + 1, uniform) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = inverseNormal(uniform());
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(uniform()) < (z * z) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** The shape of the Weibull distribution with this coefficient of variation, by bisection; from 0.01 to 100. */
export function weibullShape(cv: number): number {
  let [low, high] = [Math.log(0.01), Math.log(1000)];
  // The variation falls with the shape.
  for (let step = 0; step < 45; step++) {
    const middle = (low + high) / 2;
    if (weibullVariation(Math.exp(middle)) > cv) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** The coefficient of variation of the Weibull distribution with this shape. */
export function weibullVariation(shape: number): number {
  return Math.sqrt(Math.expm1(logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape)));
}
