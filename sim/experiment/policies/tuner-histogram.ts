import type { LatencyDistribution } from '../../../core/scale';

/** Neighbouring buckets are so far apart: a percentile is off by half of it at most. */
const LOG_WIDTH = Math.log(1.01);

/** From 1 ms to almost three hours. */
export const BUCKETS = Math.ceil(Math.log(1e7) / LOG_WIDTH);

export function bucketOf(latencyMs: number): number {
  return Math.min(BUCKETS - 1, Math.floor(Math.log(Math.max(1, latencyMs)) / LOG_WIDTH));
}

/** Stands for the latencies of a bucket. */
export function middleMs(bucket: number): number {
  return Math.exp((bucket + 0.5) * LOG_WIDTH);
}

/** Latencies in buckets of one percent: any number of them takes the same memory. */
export class LatencyHistogram implements LatencyDistribution {
  #count = 0;
  readonly #buckets = new Uint32Array(BUCKETS);

  get count(): number {
    return this.#count;
  }

  add(latencyMs: number): void {
    this.#buckets[bucketOf(latencyMs)]!++;
    this.#count++;
  }

  addAll(other: LatencyHistogram): void {
    for (let at = 0; at < BUCKETS; at++) this.#buckets[at]! += other.#buckets[at]!;
    this.#count += other.#count;
  }

  /** The middle of the bucket that the percentile lies in; 0 without latencies. */
  percentileMs(p: number): number {
    const rank = (p / 100) * this.#count;
    let below = 0;
    for (let at = 0; at < BUCKETS; at++) {
      below += this.#buckets[at]!;
      if (below >= rank && below > 0) return middleMs(at);
    }
    return 0;
  }
}
