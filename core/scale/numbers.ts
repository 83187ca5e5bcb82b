export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/**
 * The `q`-quantile (0 to 1) of values in any order, by linear interpolation between order statistics.
 *
 * @throws RangeError if there is no value.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value, got none');
  return quantileOfSorted(new Float64Array(values).sort(), q);
}

/** The same of values in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const rank = clamp(q, 0, 1) * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[below + 1] ?? low;
  return low + (rank - below) * (high - low);
}

/** @throws RangeError that names the field. */
export function requirePositive(field: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${field} must be positive, got: ${value}`);
}
