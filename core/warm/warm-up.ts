import type { ComponentStatus } from './policy';

/**
 * Copies that were started, until it is known whether that was of use. They outlive their hold: whoever was told to come
 * back may be late, and the scale-in alarm takes minutes to notice that a copy has nothing to do.
 */
export interface WarmUp {
  readonly sinceMs: number;
  /** Whether no run had asked for them. @default false */
  readonly isAhead?: boolean;
  /** Its part of all that the same decision has started. */
  readonly share: number;
  /** Set aside for what its copies are paid beyond their hold if nothing calls them; given back when something does. */
  readonly tailUsd: number;
}

/** What became of a warm-up: called once its copies served, or gone without a call; undefined while it may be either. */
export function useOf(
  { sinceMs }: WarmUp,
  status: ComponentStatus | undefined,
  isHeld: boolean,
  nowMs: number,
): 'called' | 'wasted' | undefined {
  const { copies = 0, startingReadyAtMs = [], callsInFlight = 0, lastCallMs = 0 } = status ?? {};
  if (copies > 0 && (callsInFlight > 0 ? nowMs : lastCallMs) > sinceMs) return 'called';
  return isHeld || copies > 0 || startingReadyAtMs.length > 0 ? undefined : 'wasted';
}
