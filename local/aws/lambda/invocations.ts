import { setTimeout as realTime } from 'node:timers/promises';
import type { Clock, Timer } from '../../../core/run/call';
import type { LocalFunction } from '../../world/component';
import { type FunctionResult, FunctionRuns } from './function-runs';

/** Waits before the second and the third try of an event, by the world's time. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** How long, in real time, closing waits for functions that still run. */
const CLOSE_LIMIT_MS = 5_000;

/** An event that its function failed to handle. */
export interface EventFailure {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Whether the event is tried again. */
  readonly isRetried: boolean;
}

interface Invocation {
  readonly target: LocalFunction;
  readonly event: unknown;
  readonly failures: number;
}

/**
 * Runs functions for callers who wait, and for senders of events who do not: these are handled in no certain order, with
 * up to three tries each, one and two minutes apart. An event for which its function has no room waits until there is;
 * Lambda would try again at growing intervals, for up to six hours.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class Invocations {
  readonly #runs: FunctionRuns;
  readonly #waiting: Invocation[] = [];
  readonly #retries = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  constructor(
    private readonly clock: Clock,
    private readonly onEventFailure: (failure: EventFailure) => void,
  ) {
    this.#runs = new FunctionRuns(clock);
  }

  /** Runs the function for a caller who waits; undefined if it has no room. */
  invoke(target: LocalFunction, event: unknown): Promise<FunctionResult> | undefined {
    const run = this.#runs.start(target, event);
    void run?.then(() => this.#startWaiting());
    return run;
  }

  add(target: LocalFunction, event: unknown): void {
    this.#enqueue({ target, event, failures: 0 });
  }

  /** Drops what waits, and waits for what runs; not for ever. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const timer of this.#retries) this.clock.clearTimer(timer);
    const giveUp = new AbortController();
    const limit = realTime(CLOSE_LIMIT_MS, undefined, { signal: giveUp.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#running), limit]);
    giveUp.abort();
  }

  #enqueue(invocation: Invocation): void {
    if (this.#isClosed) return;
    this.#waiting.push(invocation);
    this.#startWaiting();
  }

  #startWaiting(): void {
    for (const invocation of [...this.#waiting]) {
      const run = this.invoke(invocation.target, invocation.event);
      if (!run) continue;
      this.#waiting.splice(this.#waiting.indexOf(invocation), 1);
      const handled = this.#handle(invocation, run);
      this.#running.add(handled);
      void handled.then(() => this.#running.delete(handled));
    }
  }

  async #handle(invocation: Invocation, run: Promise<FunctionResult>): Promise<void> {
    const { error } = await run;
    if (error === undefined) return;
    const { target, event, failures } = invocation;
    const delayMs = this.#isClosed ? undefined : RETRY_DELAYS_MS[failures];
    this.onEventFailure({
      functionName: target.backend.functionName,
      event,
      error,
      attempt: failures + 1,
      isRetried: delayMs !== undefined,
    });
    if (delayMs !== undefined) this.#retry({ target, event, failures: failures + 1 }, delayMs);
  }

  #retry(invocation: Invocation, delayMs: number): void {
    const timer = this.clock.setTimer(() => {
      this.#retries.delete(timer);
      this.#enqueue(invocation);
    }, delayMs);
    this.#retries.add(timer);
  }
}
