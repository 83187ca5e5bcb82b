import type { Clock } from './call';
import { type CopyRate, copyUse, reachedNoCopy } from './copy-use';
import { CallError } from './errors';

/** What a try costs that has left for its backend, whether or not an answer comes. */
export interface CallRate {
  /** The price of a call, of which a try that is turned away pays nothing. */
  readonly perCallUsd?: number;
  /** Of a backend whose copies have a price. */
  readonly copy?: CopyRate;
}

/** What is to be paid, or given back if below 0. */
export interface Payment {
  readonly costUsd: number;
  readonly copySeconds?: number;
}

type Pay = (payment: Payment) => void;

/**
 * Counts what a try costs while it is under way: the price of a call from the first, so that no other call is made for the
 * same money, and the time of a copy as it goes by. Whoever waits for the answer pays; nobody pays for the same twice.
 */
export class CallMeter {
  readonly #clock: Clock;
  readonly #rate: CallRate;
  #pay: Pay | undefined;
  /** Who paid the price of the call. */
  #payer: Pay | undefined;
  #sinceMs: number;
  #isRunning = true;
  #hasBegun = false;

  constructor(clock: Clock, rate: CallRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#sinceMs = clock.now();
  }

  /** From now on another pays. */
  charge(pay: Pay): void {
    this.settle();
    this.#pay = pay;
    const { perCallUsd = 0 } = this.#rate;
    if (this.#payer || perCallUsd === 0) return;
    this.#payer = pay;
    pay({ costUsd: perCallUsd });
  }

  /** What has come up is paid, and the meter runs on. */
  settle(): void {
    const { copy } = this.#rate;
    if (!this.#isRunning || !copy) return;
    const nowMs = this.#clock.now();
    this.#pay?.(copyUse(copy, nowMs - this.#sinceMs));
    this.#sinceMs = nowMs;
  }

  /** A part of the answer has come: whatever ends the try from now on, the backend took it. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** The try has ended: with an answer, or with this error. */
  stop(error?: unknown): void {
    const refusal = this.#hasBegun ? undefined : error;
    if (!reachedNoCopy(refusal)) this.settle();
    this.#isRunning = false;
    if (wasTurnedAway(refusal)) this.#payer?.({ costUsd: -this.#rate.perCallUsd! });
  }
}

/** Of what ended a try that brought nothing: whether the backend did not take it, or it never left. */
export function wasTurnedAway(error: unknown): boolean {
  return reachedNoCopy(error) || (error instanceof CallError && error.kind === 'invalid');
}
