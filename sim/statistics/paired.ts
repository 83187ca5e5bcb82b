import { confidenceInterval, type Interval, meanIsZeroPValue } from './interval';
import type { Samples } from './quantile';

/** How two cells differ over the same seeds. */
export interface PairedEstimate extends Interval {
  /** Two-sided, of a paired t-test that nothing differs. */
  readonly pValue: number;
}

/**
 * `of` less `against`, seed by seed, in their unit. Runs of one seed share their requests (common random numbers), so
 * that what the seeds have in common cancels.
 *
 * @throws RangeError if the lengths differ, or without values.
 */
export function pairedDifference(of: Samples, against: Samples): PairedEstimate {
  return estimate(pairs(of, against, (a, b) => a - b));
}

/**
 * `of` over `against`, seed by seed: the geometric mean of the ratios, with the interval of its logarithm. 0.7 is 30 %
 * less.
 *
 * @throws RangeError if the lengths differ, without values, or for one that is not positive.
 */
export function pairedRatio(of: Samples, against: Samples): PairedEstimate {
  const { mean, low, high, pValue } = estimate(pairs(of, against, logRatio));
  return { mean: Math.exp(mean), low: Math.exp(low), high: Math.exp(high), pValue };
}

function estimate(values: Samples): PairedEstimate {
  return { ...confidenceInterval(values), pValue: meanIsZeroPValue(values) };
}

function pairs(of: Samples, against: Samples, combine: (of: number, against: number) => number): Float64Array {
  if (of.length !== against.length) {
    throw new RangeError(`pairs need one value of each seed on both sides, got: ${of.length} and ${against.length}`);
  }
  return Float64Array.from(of, (value, i) => combine(value, against[i]!));
}

function logRatio(of: number, against: number): number {
  if (!(of > 0 && against > 0)) throw new RangeError(`a ratio needs positive values, got: ${of} over ${against}`);
  return Math.log(of) - Math.log(against);
}
