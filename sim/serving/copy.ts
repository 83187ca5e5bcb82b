import type { Actor, Timeline } from '../kernel/timeline';
import { Batch } from './batch';
import type { CopyProfile, Work } from './copy-profile';
import type { Sequence } from './sequence';

/** Told as a request proceeds. */
export interface RequestListener {
  onFirstToken?(atUs: number): void;
  /** @param queuedUs for how long the request waited in the copy before it was worked on */
  onDone(atUs: number, queuedUs: number): void;
}

/** A request under way, by which it can be taken back. */
export interface Request {
  /** Takes the request out, freeing its place; its listener hears no more of it. */
  cancel(): void;
}

class RequestInCopy implements Request {
  sequence: Sequence | undefined;

  constructor(
    private readonly copy: Copy,
    readonly listener: RequestListener,
  ) {}

  cancel(): void {
    this.copy.remove(this);
  }
}

/** One running copy of a model. */
export class Copy implements Actor {
  readonly #batch: Batch;
  readonly #requests = new Map<Sequence, RequestInCopy>();
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
    return this.#requests.size;
  }

  submit(work: Work, listener: RequestListener): Request {
    this.#advance();
    const request = new RequestInCopy(this, listener);
    request.sequence = this.#batch.add(work);
    this.#requests.set(request.sequence, request);
    this.#plan();
    return request;
  }

  /** Calls back once no request is left, at once if there is none. From here on it must not get any. */
  drain(onEmpty: () => void): void {
    this.#onEmpty = onEmpty;
    if (this.#batch.size === 0) onEmpty();
  }

  remove({ sequence }: RequestInCopy): void {
    if (sequence === undefined || !this.#requests.delete(sequence)) return;
    this.#advance();
    this.#batch.remove(sequence);
    this.#plan();
    if (this.#batch.size === 0) this.#onEmpty?.();
  }

  act(): void {
    if (this.timeline.nowUs !== this.#wakeAtUs) return;
    this.#wakeAtUs = Infinity;
    this.#advance();
    this.#plan();
    if (this.#batch.size === 0) this.#onEmpty?.();
  }

  #advance(): void {
    for (const { kind, sequence, atUs } of this.#batch.advance(this.timeline.nowUs)) {
      const request = this.#requests.get(sequence);
      if (kind === 'done') {
        this.#requests.delete(sequence);
        request?.listener.onDone(atUs, sequence.startedAtUs - sequence.addedAtUs);
      } else {
        request?.listener.onFirstToken?.(atUs);
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
