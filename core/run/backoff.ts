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

/** With less time left than this, or than two refusals take, the waiting room gives up and says why. */
const LAST_TRY_MS = 50;

/** How a call stands after a try that found no copy. */
export interface ColdWait {
  /** For a copy, so far. */
  readonly waitedMs: number;
  /** Until its deadline. */
  readonly leftMs: number;
  /** What the refusal took. */
  readonly triedMs: number;
  /** The backend's own wish. */
  readonly retryAfterMs: number;
}

/** Delay before asking again for a copy; undefined if there is no time for that. */
export function coldDelayMs({ waitedMs, leftMs, triedMs, retryAfterMs }: ColdWait, random: number): number | undefined {
  if (leftMs < Math.max(LAST_TRY_MS, 2 * triedMs)) return undefined;
  return Math.min(Math.max(readyDelayMs(waitedMs, random), retryAfterMs), leftMs / 2);
}

/** How a call stands after a failed try. */
export interface Failure {
  /** This one included. */
  readonly failures: number;
  readonly leftMs: number;
  readonly retryAfterMs: number;
}

/** Delay before trying again; undefined if there is to be no other try, or no time for one. */
export function failureDelayMs(
  policy: Required<RetryPolicy>,
  { failures, leftMs, retryAfterMs }: Failure,
  random: number,
): number | undefined {
  if (failures >= policy.attempts) return undefined;
  const delayMs = Math.max(retryDelayMs(policy, failures, random), retryAfterMs);
  return delayMs < leftMs ? delayMs : undefined;
}
