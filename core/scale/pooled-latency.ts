import type { LatencyDistribution } from './p95-verdict';

/** Some percentiles of some latencies: the most that a metrics service tells of them. */
export interface LatencyPercentiles {
  readonly count: number;
  /** At each of the percentiles of a grid, rising. */
  readonly valuesMs: readonly number[];
}

/**
 * Which percentiles are asked for, 0 and 100 included: denser where the P95 of several parts together can lie.
 */
export const PERCENTILE_GRID: readonly number[] = [0, 50, 75, 85, 90, 95, 97.5, 99, 100];

/** Bisections between two neighbouring values: to a millionth of their distance. */
const BISECTIONS = 20;

/**
 * Parts measured apart, such as minutes or callers, as one distribution. Percentiles of parts cannot be averaged: the
 * shares of each part below a latency are, weighted by its requests, and between two percentiles latencies are spread
 * evenly.
 */
export function poolLatencies(parts: readonly LatencyPercentiles[]): LatencyDistribution & {
  /** Of the latencies, 0 to 1. */
  shareBeyond(latencyMs: number): number;
} {
  const counted = parts.filter(({ count }) => count > 0);
  const values = Float64Array.from(counted.flatMap(({ valuesMs }) => valuesMs)).sort();
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const shareWithin = (latencyMs: number) =>
    counted.reduce((sum, part) => sum + part.count * partShareWithin(part, latencyMs), 0) / total;
  return {
    count: total,
    shareBeyond: (latencyMs) => 1 - shareWithin(latencyMs),
    percentileMs: (p) => {
      const isReached = (latencyMs: number) => shareWithin(latencyMs) * 100 >= p;
      const at = firstIndex(values, isReached);
      let high = values[at] ?? values.at(-1) ?? 0;
      let low = values[at - 1] ?? high;
      for (let i = 0; i < BISECTIONS && low < high; i++) {
        const middle = low + (high - low) / 2;
        if (isReached(middle)) high = middle;
        else low = middle;
      }
      return high;
    },
  };
}

/** Index of the first value for which it holds, by bisection; their number if it holds for none. */
function firstIndex(values: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function partShareWithin({ valuesMs }: LatencyPercentiles, latencyMs: number): number {
  const above = valuesMs.findIndex((value) => value > latencyMs);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const [low, high] = [valuesMs[above - 1]!, valuesMs[above]!];
  const [from, to] = [PERCENTILE_GRID[above - 1]!, PERCENTILE_GRID[above]!];
  return (from + ((latencyMs - low) / (high - low)) * (to - from)) / 100;
}
