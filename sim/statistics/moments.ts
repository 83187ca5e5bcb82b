import type { Samples } from './quantile';

/**
 * The arithmetic mean, in the unit of the values.
 *
 * @throws RangeError without values.
 */
export function mean(values: Samples): number {
  if (values.length === 0) throw new RangeError('a mean needs at least 1 value, got: 0');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The standard deviation of the population that the values are a sample of (divisor n - 1); NaN of a single value. */
export function standardDeviation(values: Samples): number {
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
