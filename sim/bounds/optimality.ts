/**
 * How close a policy comes to the lower bound of its cost: 1 is the optimum of those that have the capacity for every
 * window, and more is only possible for one that lets work wait for another. NaN where neither costs anything.
 */
export function efficiency(startUpBoundUsd: number, costUsd: number): number {
  return startUpBoundUsd / costUsd;
}

/** Of the same requests, in milliseconds; infinite where too many of them failed. */
export interface LatencyTriple {
  readonly staticP95Ms: number;
  readonly modularP95Ms: number;
  /** P95 if every call were alone in a warm copy. */
  readonly boundP95Ms: number;
}

/** Of the bound. */
const WORTH_RECOVERING = 0.1;

/**
 * Of the latency that the static fleet leaves above the lower bound, the share that the modular one recovers: 1 is all of
 * it, negative is worse than static. NaN where static leaves hardly anything to recover, so that the share would be noise,
 * or both are infinite.
 */
export function recoveredShare({ staticP95Ms, modularP95Ms, boundP95Ms }: LatencyTriple): number {
  if (staticP95Ms < (1 + WORTH_RECOVERING) * boundP95Ms) return NaN;
  // Not (static - modular) / (static - bound): of an infinite static P95, a finite one recovers all.
  return 1 - (modularP95Ms - boundP95Ms) / (staticP95Ms - boundP95Ms);
}
