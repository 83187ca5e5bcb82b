import { bytesOf } from './bytes-of';
import type { CallResult } from './call';

/** So many answers of a component are kept, with their keys in so many bytes; the one that was made first goes first. */
const MOST_ANSWERS = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

interface Kept {
  readonly result: CallResult;
  readonly untilMs: number;
  readonly bytes: number;
}

/** Answers that may be given again for a time: for the same time each, so that they expire in the order of their coming. */
export class ResultCache {
  readonly #answers = new Map<string, Kept>();
  #bytes = 0;

  get size(): number {
    return this.#answers.size;
  }

  get(key: string, nowMs: number): CallResult | undefined {
    this.#dropExpired(nowMs);
    return this.#answers.get(key)?.result;
  }

  /** Keeps an answer, unless it is larger than all that may be kept. The key is kept whole: no other input may pass for it. */
  set(key: string, result: CallResult, { nowMs, forMs }: { readonly nowMs: number; readonly forMs: number }): void {
    this.#dropExpired(nowMs);
    this.#drop(key);
    const bytes = bytesOf(key) + bytesOf(result.output);
    if (bytes > MOST_BYTES) return;
    this.#answers.set(key, { result, untilMs: nowMs + forMs, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_ANSWERS && this.#bytes <= MOST_BYTES) return;
      this.#drop(oldest);
    }
  }

  #dropExpired(nowMs: number): void {
    for (const [key, { untilMs }] of this.#answers) {
      if (untilMs > nowMs) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes ?? 0;
    this.#answers.delete(key);
  }
}
