/** Numbers in an array or a typed array. */
export type Samples = ArrayLike<number>;

/**
 * Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, *Sample quantiles in
 * statistical packages*, 1996), in the unit of the values.
 *
 * A failed request counts as one of infinite latency, so a quantile is infinite once an infinite value takes part in it.
 *
 * @throws RangeError without values, on NaN, and for a probability outside 0 to 1.
 */
export function quantiles(values: Samples, probabilities: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  // NaN sorts last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('quantiles need numbers, got: NaN');
  return probabilities.map((probability) => quantileOfSorted(sorted, probability));
}

/** One of the `quantiles`. */
export function quantile(values: Samples, probability: number): number {
  return quantiles(values, [probability])[0]!;
}

/** Like `quantile`, of values in ascending order: sorts and copies nothing. */
export function quantileOfSorted(sorted: Samples, probability: number): number {
  if (sorted.length === 0) throw new RangeError('quantiles need at least 1 value, got: 0');
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability must be from 0 to 1, got: ${probability}`);
  }
  const rank = probability * (sorted.length - 1);
  const at = Math.floor(rank);
  const below = sorted[at]!;
  const above = sorted[Math.ceil(rank)]!;
  // Between equal infinities, and at the weight 0 of an infinity, interpolation would give NaN.
  return below === above || below === -Infinity ? below : below + (rank - at) * (above - below);
}
