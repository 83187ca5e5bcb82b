import type { Clock, Timer } from './call';
import { CallError } from './errors';

/** What a scope ends when it is ended itself. */
export interface Part {
  abort(reason: unknown): void;
}

/**
 * Something under way that can be ended: by hand, or by a time limit that can be moved.
 *
 * The signal is made when it is first asked for, so that a node which never looks at it costs nothing.
 */
export class Scope {
  #controller: AbortController | undefined;
  #parts: Part[] | undefined;
  #timer: Timer;
  #isDone = false;

  constructor(private readonly clock: Clock) {}

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get isLimited(): boolean {
    return this.#timer !== undefined;
  }

  /** A part that ends with the whole. With a signal of its own: a thousand calls on one would search it for their listeners. */
  part(): Scope {
    const part = new Scope(this.clock);
    this.add(part);
    return part;
  }

  /** Anything else that ends with the whole; a fraction of what a listener of the signal costs. */
  add(part: Part): void {
    this.#parts ??= [];
    this.#parts.push(part);
    if (this.#controller?.signal.aborted) part.abort(this.#controller.signal.reason);
  }

  /** Ends what is under way, and what would still start; what is done is not touched. */
  abort(reason: unknown): void {
    if (this.#isDone) return;
    this.limit();
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
    for (const part of this.#parts ?? []) part.abort(reason);
  }

  /** Nothing is under way any more. */
  done(): void {
    this.limit();
    this.#isDone = true;
  }

  /** Sets the time limit anew: `late` is the message of the error that passing it makes. Lifts it if `limitMs` is left out. */
  limit(limitMs?: number, late = ''): void {
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    this.#timer =
      limitMs === undefined || this.#isDone
        ? undefined
        : this.clock.setTimer(() => this.abort(new CallError('timed-out', late)), Math.max(0, limitMs));
  }
}
