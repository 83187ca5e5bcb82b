import type { Actor, Timeline } from '../kernel/timeline';
import { Batch } from './batch';
import type { CopyProfile, Work } from './copy-profile';
import type { RequestListener, Sequence } from './sequence';

/** One running copy of a model. */
export class Copy implements Actor {
  readonly #batch: Batch;
  #concurrency = 0;
  /** The only event that counts. */
  #wakeAtUs = Infinity;
  #onEmpty: (() => void) | undefined;

  constructor(
    profile: CopyProfile,
    private readonly timeline: Timeline,
  ) {
    this.#batch = new Batch(profile);
    this.#batch.advance(timeline.nowUs);
  }

  /** Requests accepted and not yet done. */
  get concurrency(): number {
    return this.#concurrency;
  }

  submit(work: Work, listener: RequestListener): Sequence {
    this.#advance();
    const sequence = this.#batch.add(work);
    sequence.listener = listener;
    this.#concurrency++;
    this.#plan();
    return sequence;
  }

  /** Takes a request out, freeing its place; its listener hears no more of it. */
  cancel(sequence: Sequence): void {
    if (sequence.listener === undefined) return;
    sequence.listener = undefined;
    this.#concurrency--;
    this.#advance();
    this.#batch.remove(sequence);
    this.#plan();
    this.#tellIfEmpty();
  }

  /** How many tokens of a request are out. */
  tokensOut(sequence: Sequence): number {
    return this.#batch.tokensOut(sequence, this.timeline.nowUs);
  }

  /** Calls back, once, when no request is left, at once if there is none. From here on it must not get any. */
  drain(onEmpty: () => void): void {
    this.#onEmpty = onEmpty;
    this.#tellIfEmpty();
  }

  act(): void {
    if (this.timeline.nowUs !== this.#wakeAtUs) return;
    this.#wakeAtUs = Infinity;
    this.#advance();
    this.#plan();
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    const onEmpty = this.#onEmpty;
    if (onEmpty === undefined || this.#batch.size > 0) return;
    // Wakes that were asked for before it was empty still come.
    this.#onEmpty = undefined;
    onEmpty();
  }

  #advance(): void {
    for (const { kind, sequence, atUs } of this.#batch.advance(this.timeline.nowUs)) {
      const { listener } = sequence;
      if (listener === undefined) continue;
      if (kind === 'first-token') {
        listener.onFirstToken?.(atUs);
      } else {
        sequence.listener = undefined;
        this.#concurrency--;
        listener.onDone(atUs, sequence.startedAtUs - sequence.addedAtUs);
      }
    }
  }

  /** A later event than the one asked for is left to that one: it finds nothing done, and plans anew. */
  #plan(): void {
    const nextAtUs = this.#batch.nextEventAtUs;
    if (nextAtUs >= this.#wakeAtUs) return;
    this.#wakeAtUs = nextAtUs;
    this.timeline.at(nextAtUs, this);
  }
}
