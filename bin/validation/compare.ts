import { quantileOfSorted } from '../../sim/statistics/quantile';
import type { CopySeries } from './copy-series';

export interface LatencyComparison {
  readonly quantile: number;
  /** Infinite if so many requests failed. */
  readonly liveMs: number;
  readonly simulatedMs: number;
  /** Of the live latency against the simulated one, less 1. */
  readonly difference: number;
}

export interface CopyComparison {
  readonly component: string;
  readonly of: 'inService' | 'desired';
  /** Highest number of copies on each side. */
  readonly mostLive: number;
  readonly mostSimulated: number;
  /** Between the two sides at the same moment of the world. */
  readonly largest: number;
  readonly mean: number;
  /** The largest difference if a change may come a little earlier or later on one side: see `compareCopies`. */
  readonly largestAligned: number;
}

export interface Side {
  /** Of each request; infinite if it failed. */
  readonly latencyMs: Float64Array;
  readonly copies: readonly CopySeries[];
}

const QUANTILES = [0.5, 0.95, 0.99];

export function compareLatencies(live: Side, simulated: Side): LatencyComparison[] {
  const [liveSorted, simulatedSorted] = [live.latencyMs.toSorted(), simulated.latencyMs.toSorted()];
  return QUANTILES.map((quantile) => {
    const liveMs = quantileOfSorted(liveSorted, quantile);
    const simulatedMs = quantileOfSorted(simulatedSorted, quantile);
    return { quantile, liveMs, simulatedMs, difference: liveMs / simulatedMs - 1 };
  });
}

/**
 * Compares copies look by look.
 *
 * An autoscaler looks once a period, so a load that crosses its target a moment later on one side makes the same change a
 * period later there. Aligned, what either side has at a look counts by its distance from the range of what the other had
 * within `slackLooks` of it.
 */
export function compareCopies(live: Side, simulated: Side, slackLooks: number): CopyComparison[] {
  return live.copies.flatMap((series) => {
    const other = simulated.copies.find(({ component }) => component === series.component)!;
    return (['inService', 'desired'] as const).map((of): CopyComparison => {
      const [a, b] = [series[of], other[of]];
      const differences = a.map((copies, at) => Math.abs(copies - b[at]!));
      return {
        component: series.component,
        of,
        mostLive: Math.max(...a),
        mostSimulated: Math.max(...b),
        largest: Math.max(...differences),
        mean: differences.reduce((sum, each) => sum + each, 0) / differences.length,
        largestAligned: Math.max(
          ...a.map((_, at) => Math.max(distance(a, b, at, slackLooks), distance(b, a, at, slackLooks))),
        ),
      };
    });
  });
}

/** From what one side has at a look to the range of what the other has around it. */
function distance(from: readonly number[], to: readonly number[], at: number, slack: number): number {
  const around = to.slice(Math.max(0, at - slack), at + slack + 1);
  return Math.max(0, Math.min(...around) - from[at]!, from[at]! - Math.max(...around));
}
