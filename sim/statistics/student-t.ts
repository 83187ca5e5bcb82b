import { incompleteBeta } from './incomplete-beta';
import { invertIncreasing } from './invert';

/** Probability that a Student-t variable of the given degrees of freedom lies at least |t| from 0. */
export function twoSidedTail(t: number, degreesOfFreedom: number): number {
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The |t| within which a Student-t variable lies with the given probability: 2.093 for 0.95 and 19 degrees of freedom. */
export function criticalT(probability: number, degreesOfFreedom: number): number {
  const inside = (t: number) => -twoSidedTail(t, degreesOfFreedom);
  const target = probability - 1;
  let high = 2;
  while (inside(high) < target) high *= 2;
  return invertIncreasing(inside, target, 0, high);
}
