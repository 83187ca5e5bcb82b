import { invertIncreasing } from './invert';

/** Beyond this many standard deviations the distribution function is 0 or 1 to the last bit that counts. */
const FARTHEST_Z = 8;

/**
 * The standard normal distribution function, to an absolute error of 1e-15.
 *
 * Source: series of G. Marsaglia, *Evaluating the normal distribution*, Journal of Statistical Software 11(4), 2004.
 */
export function normalCdf(z: number): number {
  if (z < -FARTHEST_Z) return 0;
  if (z > FARTHEST_Z) return 1;
  let term = z;
  let sum = 0;
  for (let i = 3; sum + term !== sum; i += 2) {
    sum += term;
    term *= (z * z) / i;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The z below which a standard normal variable lies with the given probability. */
export function normalQuantile(probability: number): number {
  return invertIncreasing(normalCdf, probability, -FARTHEST_Z, FARTHEST_Z);
}
