import { DOUBT_Z, idleP95Ms, isUsable, type LatencyFit } from './latency-fit';

/** From this share of the maximum on a burst may not fit any more. */
const SATURATED_SHARE = 0.8;

/**
 * The maximum that would leave room again, or `undefined` while there is room. A maximum is a quota or a budget: this is
 * a recommendation and never an action.
 */
export function recommendMaximum(
  copies: { readonly desired: number; readonly max: number },
  demand: number,
  target: number,
): number | undefined {
  if (copies.desired < SATURATED_SHARE * copies.max) return undefined;
  const needed = Math.max(copies.desired, Math.ceil(demand / target));
  return Math.max(copies.max + 1, Math.ceil(needed / SATURATED_SHARE));
}

/**
 * P95 of an idle copy, if that alone misses the objective beyond doubt: then only a faster instance or a smaller model
 * helps.
 */
export function hopelessP95Ms(fit: LatencyFit, objectiveMs: number): number | undefined {
  const { p95Ms, errorMs } = idleP95Ms(fit);
  return isUsable(fit) && p95Ms - DOUBT_Z * errorMs >= objectiveMs ? p95Ms : undefined;
}
