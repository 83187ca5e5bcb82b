import { MINUTE_MS } from '../time-units';
import type { Worth } from './worth';

/** The schedule decides anew each minute for the runs that are known: nobody who asks in between hears anything else. */
export const SHORTEST_DECLINE_MS = MINUTE_MS;

const LONGEST_DECLINE_MS = 15 * MINUTE_MS;

/**
 * How long nobody need ask again for a component that did not pay: as long as it would take if as much were wanted of it
 * anew each minute as is now. Waits that are spared grow with the runs that want it and the probability that they do, costs
 * hardly do; so what costs five times of what it saves will not pay for four minutes.
 *
 * Demand may grow faster. What that costs is bounded from two sides: the next decision is a quarter of an hour off at most,
 * and whoever calls the component meanwhile is refused, and asks at once as one that is sure to call it.
 */
export function declineMs({ benefitUsd, costUsd }: Pick<Worth, 'benefitUsd' | 'costUsd'>): number {
  if (benefitUsd === 0) return LONGEST_DECLINE_MS;
  const growthMs = (costUsd / benefitUsd - 1) * MINUTE_MS;
  return Math.min(LONGEST_DECLINE_MS, Math.max(SHORTEST_DECLINE_MS, growthMs));
}
