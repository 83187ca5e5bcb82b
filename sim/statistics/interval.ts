import { mean, standardDeviation } from './moments';
import type { Samples } from './quantile';
import { criticalT, twoSidedTail } from './student-t';

/** An estimate with its 95 % confidence interval, all three in the unit of the values. */
export interface Interval {
  readonly mean: number;
  /** -Infinity where nothing bounds the estimate from below. */
  readonly low: number;
  /** Infinity where nothing bounds the estimate from above. */
  readonly high: number;
}

/** The confidence of every interval here. */
export const CONFIDENCE = 0.95;

/**
 * The mean of independent values, such as one of each seed, with its Student-t interval.
 *
 * A single value, or one that is not finite (the P95 of a run in which too many requests failed), bounds nothing: the
 * interval then reaches from -Infinity to Infinity.
 *
 * @throws RangeError without values.
 */
export function confidenceInterval(values: Samples): Interval {
  const center = mean(values);
  const half = criticalHalf(values);
  return Number.isFinite(half)
    ? { mean: center, low: center - half, high: center + half }
    : { mean: center, low: -Infinity, high: Infinity };
}

/**
 * Two-sided p-value of Student's t-test that the mean of independent values is 0; for paired runs, of their
 * differences. Values that bound nothing, as above, give 1.
 *
 * @throws RangeError without values.
 */
export function meanIsZeroPValue(values: Samples): number {
  const center = mean(values);
  const deviation = standardDeviation(values);
  if (deviation === 0) return center === 0 ? 1 : 0;
  const t = center / (deviation / Math.sqrt(values.length));
  return Number.isFinite(t) ? twoSidedTail(t, values.length - 1) : 1;
}

function criticalHalf(values: Samples): number {
  const deviation = standardDeviation(values);
  if (!Number.isFinite(deviation)) return Infinity;
  return (criticalT(CONFIDENCE, values.length - 1) * deviation) / Math.sqrt(values.length);
}
