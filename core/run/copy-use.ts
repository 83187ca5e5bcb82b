import { HOUR_SECONDS } from '../time-units';
import { CallError } from './errors';

/** What the time of a copy costs that only calls of this deployment keep busy. */
export interface CopyRate {
  readonly perCopyHourUsd: number;
  /** Calls that one copy works on at a time, and that share its time. @default 1 */
  readonly concurrencyPerCopy?: number;
}

/** The share of a copy that a call took. */
export interface CopyUse {
  readonly copySeconds: number;
  readonly costUsd: number;
}

/** The share of a call that a copy worked on for such a time, among as many others as the rate says. */
export function copyUse({ perCopyHourUsd, concurrencyPerCopy = 1 }: CopyRate, workedMs: number): CopyUse {
  const copySeconds = workedMs / 1_000 / concurrencyPerCopy;
  return { copySeconds, costUsd: (copySeconds / HOUR_SECONDS) * perCopyHourUsd };
}

/** Of what ended a try that brought nothing: whether it was turned away before a copy worked on it. */
export function reachedNoCopy(error: unknown): boolean {
  return error instanceof CallError && (error.kind === 'not-ready' || error.kind === 'throttled');
}
