import type { RandomStream } from '../kernel/random';
import { CONFIDENCE, type Interval } from './interval';
import { mean } from './moments';
import { normalCdf, normalQuantile } from './normal';
import { quantileOfSorted, type Samples } from './quantile';

/** From one stream to another, the ends of an interval then vary by about 1.5 % of its width. */
export const RESAMPLES = 2000;

/**
 * The statistic of independent values with its bias-corrected and accelerated (BCa) bootstrap interval: for few values
 * of a skewed distribution, where Student's t is too symmetric.
 *
 * `statistic` is called with samples of the same size, in an array that the next call overwrites. `mean` of the result
 * is the statistic of the values themselves.
 *
 * Source: B. Efron and R. Tibshirani, *An Introduction to the Bootstrap*, 1993, section 14.3.
 *
 * @throws RangeError with fewer than 2 values.
 */
export function bcaInterval(
  values: Samples,
  statistic: (sample: Samples) => number,
  random: RandomStream,
  resamples = RESAMPLES,
): Interval {
  if (values.length < 2) throw new RangeError(`a bootstrap needs at least 2 values, got: ${values.length}`);
  const estimate = statistic(values);
  const replicates = resample(values, statistic, random, resamples);
  const bias = normalQuantile(shareBelow(replicates, estimate));
  const acceleration = accelerationOf(values, statistic);
  const endpoint = (probability: number) =>
    quantileOfSorted(replicates, corrected(normalQuantile(probability), bias, acceleration));
  return { mean: estimate, low: endpoint((1 - CONFIDENCE) / 2), high: endpoint((1 + CONFIDENCE) / 2) };
}

/** Statistics of samples drawn with replacement, ascending. */
function resample(
  values: Samples,
  statistic: (sample: Samples) => number,
  random: RandomStream,
  count: number,
): Float64Array {
  const sample = new Float64Array(values.length);
  const replicates = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < sample.length; j++) sample[j] = values[Math.floor(random.uniform() * values.length)]!;
    replicates[i] = statistic(sample);
  }
  return replicates.sort();
}

/** Ties count half; never 0 or 1, which would correct the bias by infinity. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  let below = 0;
  for (const replicate of sorted) below += replicate < estimate ? 1 : replicate === estimate ? 0.5 : 0;
  return Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length;
}

/** From the skewness of the statistic when each value is left out in turn (jackknife). */
function accelerationOf(values: Samples, statistic: (sample: Samples) => number): number {
  const all = Array.from(values);
  const leftOut = all.map((_, i) => statistic(all.toSpliced(i, 1)));
  const center = mean(leftOut);
  const moment = (power: number) => leftOut.reduce((sum, value) => sum + (center - value) ** power, 0);
  const acceleration = moment(3) / (6 * moment(2) ** 1.5);
  // Of equal or infinite statistics there is no skewness to correct.
  return Number.isFinite(acceleration) ? acceleration : 0;
}

/** The probability of the replicate that stands at the end of the interval. */
function corrected(z: number, bias: number, acceleration: number): number {
  const shifted = bias + z;
  const stretch = 1 - acceleration * shifted;
  // Past its pole the correction would turn back: it has already reached the last replicate.
  if (stretch <= 0) return shifted < 0 ? 0 : 1;
  return normalCdf(bias + shifted / stretch);
}
