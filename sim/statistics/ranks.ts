import { binomialPValue } from './binomial-test';
import type { Interval } from './interval';
import { CONFIDENCE } from './interval';
import type { PairedEstimate } from './paired';
import { quantile, type Samples } from './quantile';

/** With fewer values not even the smallest and the largest enclose the median with a probability of 95 %. */
export const LEAST_FOR_MEDIAN = 6;

/**
 * The median of independent values with the interval of its order statistics; its probability is at least 95 %, whatever
 * the distribution. Values may be infinite. `mean` of the result is the median.
 *
 * With fewer than 6 values the interval reaches from -Infinity to Infinity.
 *
 * Source: W. Conover, *Practical Nonparametric Statistics*, section 3.2.
 *
 * @throws RangeError without values, and on NaN.
 */
export function medianInterval(values: Samples): Interval {
  const center = quantile(values, 0.5);
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (count < LEAST_FOR_MEDIAN) return { mean: center, low: -Infinity, high: Infinity };
  let below = 0;
  while (tail(count - below - 1, count) <= (1 - CONFIDENCE) / 2) below++;
  return { mean: center, low: sorted[below]!, high: sorted[count - 1 - below]! };
}

/**
 * `of` over `against`, seed by seed: the median of the ratios with the interval of its order statistics, and the p-value
 * of the sign test. For values some of which are infinite, such as the P95 of a run in which too many requests failed: it
 * is worse than any finite one, and no better than another.
 *
 * @throws RangeError if the lengths differ, without values, or for one that is not positive.
 */
export function medianRatio(of: Samples, against: Samples): PairedEstimate {
  if (of.length !== against.length) {
    throw new RangeError(`pairs need one value of each seed on both sides, got: ${of.length} and ${against.length}`);
  }
  const ratios = Float64Array.from(of, (value, seed) => ratio(value, against[seed]!));
  const less = ratios.filter((each) => each < 1).length;
  const more = ratios.filter((each) => each > 1).length;
  return { ...medianInterval(ratios), pValue: Math.min(1, 2 * tail(Math.max(less, more), less + more)) };
}

function ratio(of: number, against: number): number {
  if (!(of > 0 && against > 0)) throw new RangeError(`a ratio needs positive values, got: ${of} over ${against}`);
  return of === against ? 1 : of / against;
}

/** Probability of at least so many heads. */
function tail(heads: number, tosses: number): number {
  return binomialPValue({ violations: heads, requests: tosses }, 0.5);
}
