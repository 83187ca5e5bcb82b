import type { RandomStream } from '../kernel/random';
import { gammaDraw, logGamma, weibullShape } from './gamma';

/** How unevenly requests follow each other. */
export interface Burstiness {
  /** Of the gaps between arrivals. A Weibull of the same variation has shorter lulls than a gamma. */
  readonly law: 'gamma' | 'weibull';
  /** Coefficient of variation of the gaps, from `CV_MIN` to `CV_MAX`: 1 is Poisson, below is steadier. */
  readonly cv: number;
}

/** Gaps between arrivals, with a mean of 1. */
export interface Renewal {
  next(): number;
  /** From a moment that knows nothing of arrivals to the first one: longer than `next` on average if `cv` is above 1. */
  first(): number;
}

export const CV_MIN = 0.01;
export const CV_MAX = 100;

/**
 * The renewal process of these gaps, in equilibrium: on average as many arrivals as time that passes, from the start.
 *
 * Source of the first gap (a length-biased gap, cut at a uniform point): D. R. Cox, Renewal Theory, 1962, chapter 5.
 */
export function renewal({ law, cv }: Burstiness, random: RandomStream): Renewal {
  const uniform = () => random.uniform() + 2 ** -33;
  if (cv === 1) {
    const next = () => -Math.log(uniform());
    return { next, first: next };
  }
  if (law === 'gamma') {
    const shape = 1 / cv ** 2;
    return {
      next: () => gammaDraw(shape, uniform) / shape,
      first: () => (uniform() * gammaDraw(shape + 1, uniform)) / shape,
    };
  }
  const power = 1 / weibullShape(cv);
  const scale = Math.exp(-logGamma(1 + power));
  return {
    next: () => scale * (-Math.log(uniform())) ** power,
    first: () => uniform() * scale * gammaDraw(1 + power, uniform) ** power,
  };
}
