import type { CopyPool } from '../../serving/copy-pool';
import { quantile } from '../../statistics/quantile';

/** Until the first start was seen: an 8B model on a new instance took 258 s (AWS launch post of container caching, 2026). */
const UNSEEN_SECONDS = 300;

/** So many of the last starts count. */
const STARTS_KEPT = 50;

/** Learns how long copies take to serve, from the outside: from the desired count and the count in service. */
export class ReadyTimes {
  readonly #seconds: number[] = [];
  /** When each copy under way was asked for, in seconds, oldest first. */
  readonly #asked: number[] = [];
  #inService: number;

  constructor(private readonly pool: CopyPool) {
    this.#inService = pool.inService;
  }

  look(nowSeconds: number): void {
    const { desired, inService } = this.pool;
    for (let ready = this.#inService; ready < inService; ready++) {
      const asked = this.#asked.shift();
      if (asked !== undefined) this.#seconds.push(nowSeconds - asked);
    }
    this.#seconds.splice(0, this.#seconds.length - STARTS_KEPT);
    this.#inService = inService;
    const underWay = Math.max(0, desired - inService);
    // The last to be asked for is the first to be taken back.
    this.#asked.splice(underWay);
    while (this.#asked.length < underWay) this.#asked.push(nowSeconds);
  }

  get readySeconds(): { readonly p75: number; readonly p90: number } {
    if (this.#seconds.length === 0) return { p75: UNSEEN_SECONDS, p90: UNSEEN_SECONDS };
    return { p75: quantile(this.#seconds, 0.75), p90: quantile(this.#seconds, 0.9) };
  }
}
