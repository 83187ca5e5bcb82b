import type { BreakerOptions } from './call-policies';
import { count, duration, optional, type Rule, share } from './rules';

/** Of the options of a breaker: a graph may give them, and a binding. */
export const BREAKER_RULES: Readonly<Record<keyof BreakerOptions, Rule>> = {
  failureRatio: optional(share),
  slowMs: optional(duration),
  slowRatio: optional(share),
  minCalls: optional(count),
  windowMs: optional(duration),
  consecutiveFaults: optional(count),
  openMs: optional(duration),
  probes: optional(count),
};
