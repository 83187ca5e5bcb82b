import { confidenceInterval, type Interval } from '../../sim/statistics/interval.ts';
import { pairedDifference, pairedRatio } from '../../sim/statistics/paired.ts';

/** The mean over seeds of what is never below 0, with its 95 % interval, in words. */
export function estimate(values: readonly number[], digits: number): string {
  if (values.length < 2) return values[0]?.toFixed(digits) ?? '-';
  const { mean, low, high } = confidenceInterval(values);
  const shown = mean.toFixed(digits);
  return low === high ? shown : `${shown} (${Math.max(0, low).toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** How much more or less, in percent of the other, seed by seed. */
export function change(of: readonly number[], against: readonly number[]): string {
  if (of.every((value, at) => value === against[at])) return 'the same';
  const percent = (ratio: number) => 100 * (ratio - 1);
  const { mean, low, high } = pairedRatio(of, against);
  return signed({ mean: percent(mean), low: percent(low), high: percent(high) }, ' %');
}

/** The difference of two shares in percentage points, seed by seed. */
export function points(of: readonly number[], against: readonly number[]): string {
  if (of.every((value, at) => value === against[at])) return 'the same';
  const { mean, low, high } = pairedDifference(of, against);
  return signed({ mean: 100 * mean, low: 100 * low, high: 100 * high }, '');
}

/** An interval that bounds nothing, as of runs of which some failed nearly all of the time, is left out. */
function signed({ mean, low, high }: Interval, unit: string): string {
  const sign = (value: number) => `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
  const isBounded = Number.isFinite(low) && high <= MOST_SHOWN;
  return isBounded ? `${sign(mean)}${unit} (${sign(low)} to ${sign(high)})` : `${sign(mean)}${unit}`;
}

const MOST_SHOWN = 1000;
