import type { LatencyDistribution } from '../../../core/scale';
import { BUCKETS, bucketOf, middleMs } from './tuner-histogram';

/** Counts all latencies from the beginning, so that those of any minutes in a row are the difference of two counts. */
export class LatencyMeter {
  /** Of each bucket, since the last cut. */
  readonly #fresh = new Uint32Array(BUCKETS);
  /** Of each bucket and those below, up to the last cut. */
  #within = new Uint32Array(BUCKETS);
  #firstFresh = BUCKETS;

  add(latencyMs: number): void {
    const at = bucketOf(latencyMs);
    this.#fresh[at]!++;
    if (at < this.#firstFresh) this.#firstFresh = at;
  }

  /** The latencies since the last cut. */
  cut(): LatencySpan {
    const before = this.#within;
    if (this.#firstFresh === BUCKETS) return new LatencySpan(before, before);
    const within = before.slice();
    let fresh = 0;
    for (let at = this.#firstFresh; at < BUCKETS; at++) {
      fresh += this.#fresh[at]!;
      within[at]! += fresh;
    }
    this.#fresh.fill(0, this.#firstFresh);
    this.#firstFresh = BUCKETS;
    this.#within = within;
    return new LatencySpan(before, within);
  }
}

/** The latencies between two cuts of one meter, in buckets of one percent. */
export class LatencySpan implements LatencyDistribution {
  readonly count: number;

  constructor(
    private readonly before: Uint32Array,
    private readonly after: Uint32Array,
  ) {
    this.count = this.#within(BUCKETS - 1);
  }

  /** Of this span, those that follow it, and the one given. */
  until(last: LatencySpan): LatencySpan {
    return new LatencySpan(this.before, last.after);
  }

  /** The middle of the bucket that the percentile lies in, found by bisection; 0 without latencies. */
  percentileMs(p: number): number {
    if (this.count === 0) return 0;
    const rank = Math.max(1, (p / 100) * this.count);
    let low = 0;
    let high = BUCKETS - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#within(middle) >= rank) high = middle;
      else low = middle + 1;
    }
    return middleMs(low);
  }

  /** Counts may have wrapped around; their difference has not. */
  #within(bucket: number): number {
    return (this.after[bucket]! - this.before[bucket]!) >>> 0;
  }
}
