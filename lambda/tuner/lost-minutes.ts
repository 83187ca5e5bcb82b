import { type LatencyPercentiles, PERCENTILE_GRID } from '../../core/scale/pooled-latency';

/** Calls that SageMaker counted in hand, of one copy, in a minute in which none is told to have ended. */
export interface CallsInHand {
  readonly calls: number;
  /** End of the ten seconds in which they were counted. */
  readonly untilMs: number;
}

/** When calls ended, and how long they took. */
interface ToldMinute {
  readonly startMs: number;
  readonly latency: readonly LatencyPercentiles[];
}

/** A call may be hedged: two tries of it are in hand at once. */
const TRIES_AT_ONCE = 2;

/**
 * Whether calls that were in hand are told of nowhere: their metrics are lost. A call that only took long is told of later,
 * in the minute in which it ended, and with a latency that reaches back to when it was in hand.
 *
 * @param later minutes after the one in which nothing is told of
 */
export function areLost({ calls, untilMs }: CallsInHand, later: readonly ToldMinute[]): boolean {
  const told = later.reduce(
    (sum, { startMs, latency }) => sum + latency.reduce((most, part) => most + mostBeyond(part, startMs - untilMs), 0),
    0,
  );
  return told < calls / TRIES_AT_ONCE;
}

/** As many calls as may have taken longer: those beyond the nearest percentile below, and the longest at least. */
function mostBeyond({ count, valuesMs }: LatencyPercentiles, latencyMs: number): number {
  const above = valuesMs.findIndex((valueMs) => valueMs > latencyMs);
  if (above < 0) return 0;
  const within = above === 0 ? 0 : PERCENTILE_GRID[above - 1]!;
  return Math.max(1, (count * (100 - within)) / 100);
}
