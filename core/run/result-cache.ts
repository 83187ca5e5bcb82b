import type { CallResult } from './call';

/** So many answers of a component are kept; the one that was made first goes first. */
const MOST_ANSWERS = 1_000;

/** Answers that may be given again for a time. */
export class ResultCache {
  readonly #answers = new Map<string, { readonly result: CallResult; readonly untilMs: number }>();

  get(key: string, nowMs: number): CallResult | undefined {
    const kept = this.#answers.get(key);
    if (kept && kept.untilMs > nowMs) return kept.result;
    this.#answers.delete(key);
    return undefined;
  }

  set(key: string, result: CallResult, untilMs: number): void {
    this.#answers.delete(key);
    this.#answers.set(key, { result, untilMs });
    if (this.#answers.size <= MOST_ANSWERS) return;
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest);
      return;
    }
  }
}
