import { mean } from './moments';
import type { Samples } from './quantile';

const BATCH = 5;

export interface WarmUp {
  /** How many of the first values belong to the warm-up. */
  readonly discard: number;
  /** False where the best cut is the latest one looked at, half-way: the run is too short to tell. */
  readonly hasSettled: boolean;
}

/**
 * Where a time series leaves its warm-up, by MSER-5: the cut that makes the standard error of the mean of what remains
 * the smallest, over means of 5 values, in the first half of the series.
 *
 * Source: K. P. White, M. J. Cobb and S. C. Spratt, *A comparison of five steady-state truncation heuristics for
 * simulation*, Winter Simulation Conference, 2000.
 *
 * @throws RangeError with fewer than 10 values, or for one that is not finite.
 */
export function mser5(values: Samples): WarmUp {
  const batches = batchMeans(values);
  const last = Math.floor(batches.length / 2);

  let best = { cut: last, error: Infinity };
  let center = 0;
  let squares = 0;
  // Backwards, so that mean and squares of what remains grow by one batch at a time (Welford).
  for (let cut = batches.length - 1; cut >= 0; cut--) {
    const remaining = batches.length - cut;
    const delta = batches[cut]! - center;
    center += delta / remaining;
    squares += delta * (batches[cut]! - center);
    const error = squares / remaining ** 2;
    if (cut <= last && error <= best.error) best = { cut, error };
  }
  return { discard: best.cut * BATCH, hasSettled: best.cut < last };
}

function batchMeans(values: Samples): Float64Array {
  const count = Math.floor(values.length / BATCH);
  if (count < 2) throw new RangeError(`MSER-5 needs at least ${2 * BATCH} values, got: ${values.length}`);
  const series = Float64Array.from(values);
  const bad = series.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `MSER-5 needs finite values, got: ${series[bad]} at ${bad}; ` +
        'take a series that failures leave finite, such as requests in progress',
    );
  }
  return Float64Array.from({ length: count }, (_, i) => mean(series.subarray(i * BATCH, (i + 1) * BATCH)));
}
