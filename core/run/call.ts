import type { TokenUsage } from '../graph/chat';
import type { Component } from '../graph/component';
import type { CallRate } from './call-meter';

/** One try of a call, handed to whatever reaches the component's backend. */
export interface Call {
  readonly component: Component;
  /** Checked against the component's input schema. */
  readonly input: unknown;
  /** Aborted when the answer is no longer wanted: the run was cancelled, timed out, or lost its use. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The node, and the item of a map, as in `facts[3]`. */
  readonly at?: string;
  /** When the call began, before any wait, from the start of the run. */
  readonly startMs?: number;
  /** Which of the backends of the component's binding is to answer. @default 0, which mostly is the only one */
  readonly alternative?: number;
  /**
   * Tells what the call costs from now on, however it ends. To be called once, before the request leaves; a try that ends
   * with `not-ready` or `throttled` reached no copy, and costs nothing, and one that is `invalid` only the time of a copy.
   * Once a part of the answer has come, by `progress` or `onText`, it is paid for all the same.
   */
  readonly meter?: (rate: CallRate) => void;
  /** Tells that a part of the answer has arrived, and not of a refusal: ends the first-chunk timeout and restarts the idle timeout. */
  progress(): void;
  /**
   * Takes each part of the text of a chat answer as it comes, in order; there only if somebody reads it. The whole answer
   * still comes at the end. A backend that does not stream need not call it.
   */
  readonly onText?: (text: string) => void;
}

export interface CallResult {
  /** The decoded answer, not yet checked against the component's output schema. */
  readonly output: unknown;
  readonly usage?: TokenUsage;
  /** What the answer costs, without what `meter` counts. It counts even if it comes after the call was given up. */
  readonly costUsd?: number;
}

/**
 * Reaches the backends.
 *
 * Rejects with a `CallError`; any other error counts as `failed`. Must stop its work and reject when the signal aborts.
 */
export type Caller = (call: Call) => Promise<CallResult>;

/** Time as the run sees it: a wall clock in production, a virtual one in tests and simulations. */
export interface Clock {
  /** Milliseconds since any fixed point; never goes back. */
  now(): number;
  /** Calls `wake` once, after `delayMs`. */
  setTimer(wake: () => void, delayMs: number): Timer;
  clearTimer(timer: Timer): void;
}

/** Opaque to the run. */
export type Timer = unknown;
