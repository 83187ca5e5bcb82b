import type { Clock } from './call';
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

const SECONDS_PER_HOUR = 3_600;

/** The share of a call that a copy worked on for such a time, among as many others as the rate says. */
export function copyUse({ perCopyHourUsd, concurrencyPerCopy = 1 }: CopyRate, workedMs: number): CopyUse {
  const copySeconds = workedMs / 1_000 / concurrencyPerCopy;
  return { copySeconds, costUsd: (copySeconds / SECONDS_PER_HOUR) * perCopyHourUsd };
}

/** Of what ended a try: whether it was turned away before a copy worked on it. */
export function reachedNoCopy(error: unknown): boolean {
  return error instanceof CallError && (error.kind === 'not-ready' || error.kind === 'throttled');
}

/** Runs while a copy works on a try. Whoever waits for the answer pays; nobody pays for the same time twice. */
export class CopyMeter {
  readonly #clock: Clock;
  readonly #rate: CopyRate;
  #pay: ((use: CopyUse) => void) | undefined;
  #sinceMs: number;
  #isRunning = true;

  constructor(clock: Clock, rate: CopyRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#sinceMs = clock.now();
  }

  /** From now on another pays. */
  charge(pay: (use: CopyUse) => void): void {
    this.settle();
    this.#pay = pay;
  }

  /** What has come up is paid, and the meter runs on. */
  settle(): void {
    if (!this.#isRunning) return;
    const nowMs = this.#clock.now();
    this.#pay?.(copyUse(this.#rate, nowMs - this.#sinceMs));
    this.#sinceMs = nowMs;
  }

  /** The try has ended. @param isFree because no copy took it */
  stop({ isFree }: { readonly isFree: boolean }): void {
    if (!isFree) this.settle();
    this.#isRunning = false;
  }
}
