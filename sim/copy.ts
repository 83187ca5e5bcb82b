import type { Clock, Timer } from '../core/run/call';
import { Batch, type Sequence } from './batch';
import type { CopyProfile, Work } from './copy-profile';

/** Told as a request proceeds. Times are the model's own, in milliseconds: a clock that wakes late does not shift them. */
export interface RequestListener {
  onFirstToken?(atMs: number): void;
  onDone(atMs: number): void;
}

export interface Request {
  /** Takes the request out, freeing its place; its listener hears no more of it. */
  readonly cancel: () => void;
}

/** One running copy of a model, on any clock. */
export class Copy {
  readonly #batch: Batch;
  readonly #listeners = new Map<Sequence, RequestListener>();
  #timer: Timer;
  #onEmpty: (() => void) | undefined;

  constructor(
    profile: CopyProfile,
    private readonly clock: Clock,
  ) {
    this.#batch = new Batch(profile);
  }

  /** Requests accepted and not yet done. */
  get concurrency(): number {
    return this.#listeners.size;
  }

  submit(work: Work, listener: RequestListener): Request {
    this.#advance();
    const sequence = this.#batch.add(work);
    this.#listeners.set(sequence, listener);
    this.#setTimer();
    return { cancel: () => this.#cancel(sequence) };
  }

  /** Calls back once no request is left, at once if there is none. From here on it must not get any. */
  drain(onEmpty: () => void): void {
    this.#onEmpty = onEmpty;
    if (this.#batch.size === 0) onEmpty();
  }

  #cancel(sequence: Sequence): void {
    if (!this.#listeners.delete(sequence)) return;
    this.#advance();
    this.#batch.remove(sequence);
    this.#setTimer();
  }

  #advance(): void {
    for (const { kind, sequence, atUs } of this.#batch.advance(this.#nowUs())) {
      const listener = this.#listeners.get(sequence);
      if (kind === 'done') this.#listeners.delete(sequence);
      if (kind === 'done') listener?.onDone(atUs / 1000);
      else listener?.onFirstToken?.(atUs / 1000);
    }
  }

  #setTimer(): void {
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    if (this.#batch.size === 0) {
      this.#onEmpty?.();
      return;
    }
    const wake = () => {
      this.#advance();
      this.#setTimer();
    };
    this.#timer = this.clock.setTimer(wake, (this.#batch.nextEventAtUs - this.#nowUs()) / 1000);
  }

  #nowUs(): number {
    return Math.round(this.clock.now() * 1000);
  }
}
