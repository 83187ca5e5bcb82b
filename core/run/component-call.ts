import type { TokenUsage } from '../graph/chat';
import type { Component } from '../graph/component';
import type { NodeTimeout, RetryPolicy } from '../graph/definition';
import { checkAnswer, checkInput } from './answer';
import { attempt } from './attempt';
import { RETRY_DEFAULTS, readyDelayMs, retryDelayMs } from './backoff';
import type { Caller, Clock } from './call';
import { CallError, toCallError } from './errors';
import type { Limiter } from './limiter';
import { type CallRecord, toErrorRecord } from './record';

/** What calls need from outside. */
export interface CallServices {
  readonly caller: Caller;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The limiter of a component with a concurrency limit. */
  limiterOf(component: Component): Limiter | undefined;
}

/** The circumstances of a call: whose it is, and within which bounds. */
export interface CallSite {
  /** The node, and the item of a map, as in `facts[3]`. */
  readonly at: string;
  readonly component: Component;
  readonly timeout: NodeTimeout;
  readonly retry: RetryPolicy | undefined;
  /** Longest remaining path of the run: who waits for a place goes by it. */
  readonly priority: number;
  /** Clock time by which the node must have ended; Infinity without a deadline. */
  readonly deadline: number;
  /** Clock time at which the run started. */
  readonly runStart: number;
  readonly signal: AbortSignal;
}

/** With less time left than this, another try cannot be expected to help: the waiting room says so instead. */
const LAST_TRY_MS = 50;

/** A call of a component from its place in the queue to its checked answer, with all tries and waits between. */
export class ComponentCall {
  #attempts = 0;
  #failures = 0;
  #triedMs = 0;
  #tryingSince: number | undefined;
  #coldMs = 0;
  #coldSince: number | undefined;
  #costUsd = 0;
  #usage: TokenUsage | undefined;
  readonly #start: number;
  #end: number | undefined;

  /** What it failed with. */
  error: unknown;

  constructor(
    private readonly services: CallServices,
    private readonly site: CallSite,
  ) {
    this.#start = services.clock.now();
  }

  /** @throws CallError, or the reason of the signal. */
  async run(input: unknown): Promise<unknown> {
    try {
      const request = await checkInput(this.site.component, input);
      for (;;) {
        try {
          return await this.#try(request);
        } catch (error) {
          this.site.signal.throwIfAborted();
          await this.#wait(this.#delayAfter(toCallError(error)));
        }
      }
    } catch (error) {
      this.error = error;
      throw error;
    } finally {
      this.#end = this.services.clock.now();
      this.#leaveWaitingRoom(this.#end);
    }
  }

  get at(): string {
    return this.site.at;
  }

  /** What happened up to now, also while the call is still under way. */
  record(): CallRecord {
    const { runStart } = this.site;
    const end = this.#end ?? this.services.clock.now();
    const triedMs = this.#triedMs + (this.#tryingSince === undefined ? 0 : end - this.#tryingSince);
    return {
      startMs: this.#start - runStart,
      endMs: end - runStart,
      attempts: this.#attempts,
      waitMs: Math.max(0, end - this.#start - triedMs),
      coldMs: this.#coldMs + (this.#coldSince === undefined ? 0 : end - this.#coldSince),
      costUsd: this.#costUsd,
      ...(this.#usage && { usage: this.#usage }),
      ...(this.error !== undefined && { error: toErrorRecord(this.at, this.error) }),
    };
  }

  async #try(input: unknown): Promise<unknown> {
    const { caller, clock } = this.services;
    const { component, signal, timeout } = this.site;
    const release = await this.#takePlace();

    const start = clock.now();
    this.#tryingSince = start;
    const call = { component, input, signal, attempt: ++this.#attempts };
    try {
      const { output, usage, costUsd = 0 } = await attempt(caller, clock, timeout, call, release);
      this.#leaveWaitingRoom(start);
      this.#costUsd += costUsd;
      if (usage) this.#usage = add(this.#usage, usage);
      return await checkAnswer(component, output);
    } catch (error) {
      if (error instanceof CallError && error.kind === 'not-ready') this.#coldSince ??= start;
      else this.#leaveWaitingRoom(start);
      throw error;
    } finally {
      this.#tryingSince = undefined;
      this.#triedMs += clock.now() - start;
    }
  }

  /** Waits for a place among the calls in flight to the component. */
  async #takePlace(): Promise<() => void> {
    const { component, priority, signal } = this.site;
    signal.throwIfAborted();
    const limiter = this.services.limiterOf(component);
    await limiter?.acquire(priority, signal);
    const release = () => limiter?.release();
    if (signal.aborted) release();
    signal.throwIfAborted();
    return release;
  }

  /** How long to wait before the next try. @throws the error if there is to be none. */
  #delayAfter(error: CallError): number {
    const { clock, random } = this.services;
    const leftMs = this.site.deadline - clock.now();

    if (error.kind === 'not-ready') {
      if (leftMs < LAST_TRY_MS) throw error;
      const delayMs = Math.max(readyDelayMs(clock.now() - this.#coldSince!, random()), error.retryAfterMs ?? 0);
      return Math.min(delayMs, leftMs / 2);
    }
    const policy = { ...RETRY_DEFAULTS, ...this.site.retry };
    if (!error.isRetryable || ++this.#failures >= policy.attempts) throw error;
    const delayMs = Math.max(retryDelayMs(policy, this.#failures, random()), error.retryAfterMs ?? 0);
    if (delayMs >= leftMs) throw error;
    return delayMs;
  }

  #wait(delayMs: number): Promise<void> {
    const { clock } = this.services;
    const { signal } = this.site;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => {
        clock.clearTimer(timer);
        reject(signal.reason);
      };
      const timer = clock.setTimer(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      }, delayMs);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #leaveWaitingRoom(now: number): void {
    if (this.#coldSince !== undefined) this.#coldMs += now - this.#coldSince;
    this.#coldSince = undefined;
  }
}

function add(a: TokenUsage | undefined, b: TokenUsage): TokenUsage {
  return { inputTokens: (a?.inputTokens ?? 0) + b.inputTokens, outputTokens: (a?.outputTokens ?? 0) + b.outputTokens };
}
