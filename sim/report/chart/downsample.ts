/**
 * Indices of at most `limit` points that keep the picture of a series: both ends and, of every bucket, the least and
 * the greatest value, so that no spike is lost.
 *
 * The min-max reduction of M4 (Jugel et al., VLDB 2014).
 */
export function keptIndices(values: readonly number[], limit: number): number[] {
  if (values.length <= limit) return values.map((_, i) => i);
  const buckets = Math.max(1, Math.floor((limit - 2) / 2));
  const kept = new Set([0, values.length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * values.length) / buckets);
    const to = Math.floor(((bucket + 1) * values.length) / buckets);
    let [least, greatest] = [from, from];
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[greatest]!) greatest = i;
    }
    kept.add(least).add(greatest);
  }
  return [...kept].toSorted((a, b) => a - b);
}
