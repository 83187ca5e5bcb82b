import type { Prefix } from './copy-profile';

interface Entry {
  readonly tokens: number;
  /** Sequences that run on it. */
  users: number;
}

/**
 * The prefixes whose keys and values a copy keeps, as the automatic prefix caching of vLLM does: a prefix in use stays,
 * the others stay while there is room, and of these the least recently used goes first. Whole prefixes come and go, not
 * blocks of them.
 */
export class PrefixCache {
  /** The least recently used first. */
  readonly #entries = new Map<number, Entry>();
  #tokens = 0;
  #usedTokens = 0;

  has({ key }: Prefix): boolean {
    return this.#entries.has(key);
  }

  /** Tokens of the prefixes in use, if that one were too. */
  usedTokensWith(prefix: Prefix | undefined): number {
    if (prefix === undefined) return this.#usedTokens;
    const entry = this.#entries.get(prefix.key);
    return this.#usedTokens + (entry?.users === 0 ? entry.tokens : 0);
  }

  /** One more sequence runs on a prefix that is there, or that it has just computed. */
  use({ key, tokens }: Prefix): void {
    const known = this.#entries.get(key);
    const entry = known ?? { tokens, users: 0 };
    if (known === undefined) this.#tokens += tokens;
    if (entry.users++ === 0) this.#usedTokens += entry.tokens;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  /** A sequence that ran on it is over. */
  release({ key }: Prefix): void {
    const entry = this.#entries.get(key)!;
    if (--entry.users === 0) this.#usedTokens -= entry.tokens;
  }

  /** Lets prefixes go that are not in use, until all take no more tokens than that, or none is left to go. */
  shrinkTo(tokens: number): void {
    if (this.#tokens <= tokens || this.#tokens === this.#usedTokens) return;
    for (const [key, entry] of this.#entries) {
      if (this.#tokens <= tokens) return;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      this.#tokens -= entry.tokens;
    }
  }
}
