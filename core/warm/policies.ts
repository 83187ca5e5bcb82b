import { breakCascades } from './cascade';
import { keepFloors } from './floor';
import { keepAfterCalls, letGo } from './hold';
import type { WarmPolicy } from './policy';
import { WarmBook } from './warm-book';

/** One thing a policy does. */
type Rule = (book: WarmBook) => void;

/** Lets go of what nothing speaks for, which frees its money, then does what the rules say, in their order. */
function policyOf(...rules: readonly Rule[]): WarmPolicy {
  return (state, observation, config, nowMs) => {
    const book = new WarmBook(state, observation, config, nowMs);
    letGo(book);
    for (const rule of rules) rule(book);
    return book.decision();
  };
}

/** Leaves everything to the autoscaler. */
const none: WarmPolicy = (state) => ({ state, actions: [], reasons: [] });

/** What a policy may be called in a configuration or a report. */
export const WARM_POLICIES = {
  none,
  /** Keeps components after a call, and has periodic ones back in time. */
  keepAlive: policyOf(keepAfterCalls),
  /** Starts every cold component that an open run is likely to call. */
  entry: policyOf(breakCascades),
  /** As `entry`, and keeps components after a call. */
  entryKeepAlive: policyOf(breakCascades, keepAfterCalls),
  /** As `entryKeepAlive`, and keeps the floors that a forecast asks for where that pays. */
  entryForecast: policyOf(breakCascades, keepFloors, keepAfterCalls),
} satisfies Record<string, WarmPolicy>;

export type WarmPolicyName = keyof typeof WARM_POLICIES;
