import type { RetryPolicy } from '../graph/definition';

export const RETRY_DEFAULTS: Required<RetryPolicy> = { attempts: 3, baseMs: 100, capMs: 5_000 };

/**
 * Delay before the next try after `failures` failed ones: exponential with full jitter, so that callers that failed
 * together do not return together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function retryDelayMs({ baseMs, capMs }: Required<RetryPolicy>, failures: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** (failures - 1));
}

const READY_MIN_MS = 100;
const READY_MAX_MS = 5_000;
/** Asking again after this share of the time already waited finds a ready copy at most so much too late. */
const READY_GROWTH = 0.2;

/**
 * Delay before asking again for a copy that is on its way. Grows with the time waited, so that the delay stays small
 * beside a cold start of any length; at least half of it is fixed, so that no jitter turns it into a busy loop.
 */
export function readyDelayMs(waitedMs: number, random: number): number {
  const delayMs = Math.min(READY_MAX_MS, Math.max(READY_MIN_MS, waitedMs * READY_GROWTH));
  return delayMs * (0.5 + 0.5 * random);
}
