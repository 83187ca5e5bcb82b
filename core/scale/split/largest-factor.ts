/** A hundredth of a percent of the objective is far below the error of the draws. */
const TOLERANCE = 1e-4;

const LARGEST_FACTOR = 1024;

/**
 * The largest factor at which something holds, by bisection.
 *
 * @param holds for the factor 0, and up to some factor
 * @returns undefined if it holds for factors beyond reason
 */
export function largestFactor(holds: (factor: number) => boolean): number | undefined {
  let low = 0;
  let high = 1;
  while (holds(high)) {
    if (high >= LARGEST_FACTOR) return undefined;
    low = high;
    high *= 2;
  }
  while (high - low > TOLERANCE * high) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
