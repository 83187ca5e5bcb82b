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
  const sorted = new Float64Array(values).sort();
  const rank = clamp(q, 0, 1) * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[below + 1] ?? low;
  return low + (rank - below) * (high - low);
}

/**
 * Whether `quantile(values, q)` is below a limit: in one pass, as only the values next to the limit can decide.
 *
 * @throws RangeError if there is no value.
 */
export function isQuantileBelow(values: ArrayLike<number>, q: number, limit: number): boolean {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value, got none');
  const rank = clamp(q, 0, 1) * (values.length - 1);
  let count = 0;
  let low = -Infinity;
  let high = Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < limit) {
      count++;
      if (value > low) low = value;
    } else if (value < high) {
      high = value;
    }
  }
  const below = Math.floor(rank);
  if (count !== below + 1 || count === values.length) return count > below;
  return low + (rank - below) * (high - low) < limit;
}

/** @throws RangeError that names the field. */
export function requirePositive(field: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${field} must be positive, got: ${value}`);
}
