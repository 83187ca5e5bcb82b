/**
 * Adjusted p-values, in the order given: those below 0.05 are the findings of which, with a probability of 95 %, none is
 * due to chance alone.
 *
 * Source: S. Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics, 1979.
 *
 * @throws RangeError for a p-value outside 0 to 1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p-values must be from 0 to 1, got: ${p}`);
  }
  const ascending = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  ascending.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[at]! * (pValues.length - rank)));
    adjusted[at] = largest;
  });
  return adjusted;
}
