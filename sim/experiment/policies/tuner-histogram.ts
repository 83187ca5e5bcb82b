import type { LatencyDistribution } from '../../../core/scale';

/** Neighbouring buckets are so far apart: a percentile is off by half of it at most. */
const LOG_WIDTH = Math.log(1.01);

/** From 1 ms to almost three hours. */
const BUCKETS = Math.ceil(Math.log(1e7) / LOG_WIDTH);

/** Latencies in buckets of one percent: any number of them takes the same memory. */
export class LatencyHistogram implements LatencyDistribution {
  #count = 0;
  /** Only buckets in between hold anything. */
  #first = BUCKETS;
  #last = -1;
  readonly #buckets = new Uint32Array(BUCKETS);

  get count(): number {
    return this.#count;
  }

  add(latencyMs: number): void {
    const at = Math.min(BUCKETS - 1, Math.floor(Math.log(Math.max(1, latencyMs)) / LOG_WIDTH));
    this.#buckets[at]!++;
    this.#count++;
    if (at < this.#first) this.#first = at;
    if (at > this.#last) this.#last = at;
  }

  addAll(other: LatencyHistogram): void {
    for (let at = other.#first; at <= other.#last; at++) this.#buckets[at]! += other.#buckets[at]!;
    this.#count += other.#count;
    this.#first = Math.min(this.#first, other.#first);
    this.#last = Math.max(this.#last, other.#last);
  }

  /** The middle of the bucket that the percentile lies in; 0 without latencies. */
  percentileMs(p: number): number {
    const rank = (p / 100) * this.#count;
    let below = 0;
    for (let at = this.#first; at <= this.#last; at++) {
      below += this.#buckets[at]!;
      if (below >= rank && below > 0) return Math.exp((at + 0.5) * LOG_WIDTH);
    }
    return 0;
  }
}
