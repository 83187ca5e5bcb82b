/** What a P95 objective promises. */
const OBJECTIVE_QUANTILE = 0.95;

/** The quantile that each of `width` parallel branches must keep so that all of them together keep their P95. */
export function branchQuantile(width: number): number {
  return OBJECTIVE_QUANTILE ** (1 / Math.max(1, width));
}

/** Probability that at least one of `width` branches is beyond its own P95. */
export function anyBranchLate(width: number): number {
  return 1 - OBJECTIVE_QUANTILE ** Math.max(1, width);
}
