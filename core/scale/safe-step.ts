import { clamp, roundTo } from './numbers';

export interface TargetBounds {
  /** At least 1. */
  readonly minTarget: number;
  /** Concurrency at the knee of the copy's throughput, at most the engine's number of sequences. */
  readonly maxTarget: number;
}

/** Which way the latency lets a target go. */
export type StepDirection = 'lower' | 'raise';

/** Faster toward safety than toward savings. */
export const LARGEST_CUT = 0.25;
export const LARGEST_RAISE = 0.1;

/** A smaller change is not worth a policy write. */
export const SMALLEST_CHANGE = 0.03;

/**
 * The bounded step from a target toward the wanted one, or `undefined` if there is nothing worth changing.
 *
 * @param trustRadius scales the largest step, above 0 to 1
 */
export function safeStep(
  direction: StepDirection,
  target: number,
  wantedTarget: number,
  trustRadius: number,
  bounds: TargetBounds,
): number | undefined {
  const wanted = clamp(wantedTarget / target, 1 - LARGEST_CUT * trustRadius, 1 + LARGEST_RAISE * trustRadius);
  const step = direction === 'lower' ? Math.min(wanted, 1) : Math.max(wanted, 1);
  const inBounds = clamp(target * step, bounds.minTarget, bounds.maxTarget);
  const next = clamp(roundTo(inBounds, 2), bounds.minTarget, bounds.maxTarget);

  const change = next / target - 1;
  // A target outside its bounds is never moved against what the latency says.
  if (direction === 'lower' ? change > 0 : change < 0) return undefined;
  return Math.abs(change) < SMALLEST_CHANGE ? undefined : next;
}
