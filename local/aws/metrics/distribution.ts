/** A summary of values whose single values are not known. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Ratio of the bounds of a bin: equal values keep their exact value, others are known to within 1 %. */
const BIN_RATIO = 1.01;

interface Bin {
  count: number;
  sum: number;
}

/** The values of one metric in one span of time, in bounded memory: exact sums, and percentiles to within 1 %. */
export class Distribution {
  #sampleCount = 0;
  #sum = 0;
  #minimum = Infinity;
  #maximum = -Infinity;
  /** By the logarithm of their values. */
  readonly #bins = new Map<number, Bin>();
  /** Lowest values first; undefined while it is not known. */
  #sorted: readonly Bin[] | undefined;
  #hasPercentiles = true;

  get sampleCount(): number {
    return this.#sampleCount;
  }

  get sum(): number {
    return this.#sum;
  }

  get minimum(): number {
    return this.#minimum;
  }

  get maximum(): number {
    return this.#maximum;
  }

  add(value: number, count = 1): void {
    this.#summarize({ sampleCount: count, sum: value * count, minimum: value, maximum: value });
    // CloudWatch has no percentiles of metrics with negative values.
    if (value < 0) this.#hasPercentiles = false;
    else this.#fill(value === 0 ? -Infinity : Math.floor(Math.log(value) / Math.log(BIN_RATIO)), count, value * count);
  }

  /** Of its values nothing is known, and no percentile from here on, unless they are all equal. */
  addSet(set: StatisticSet): void {
    if (set.sampleCount > 0 && set.minimum === set.maximum) {
      this.add(set.minimum, set.sampleCount);
      return;
    }
    this.#summarize(set);
    this.#hasPercentiles = false;
  }

  merge(other: Distribution): void {
    this.#summarize(other);
    for (const [key, { count, sum }] of other.#bins) this.#fill(key, count, sum);
    this.#hasPercentiles &&= other.#hasPercentiles;
  }

  /**
   * By nearest rank.
   *
   * @returns undefined if it is not known
   */
  percentile(percent: number): number | undefined {
    if (!this.#hasPercentiles || this.#sampleCount === 0) return undefined;
    // 7 % of 100 values are 7 of them, and not 7.000000000000001.
    const rank = Math.max(1, (percent * this.#sampleCount) / 100);
    this.#sorted ??= [...this.#bins].sort(([a], [b]) => a - b).map(([, bin]) => bin);
    let passed = 0;
    for (const bin of this.#sorted) {
      passed += bin.count;
      if (passed >= rank) return bin.sum / bin.count;
    }
    return this.#maximum;
  }

  #summarize({ sampleCount, sum, minimum, maximum }: StatisticSet): void {
    this.#sampleCount += sampleCount;
    this.#sum += sum;
    this.#minimum = Math.min(this.#minimum, minimum);
    this.#maximum = Math.max(this.#maximum, maximum);
  }

  #fill(key: number, count: number, sum: number): void {
    const bin = this.#bins.get(key);
    if (bin) {
      bin.count += count;
      bin.sum += sum;
    } else {
      this.#bins.set(key, { count, sum });
      this.#sorted = undefined;
    }
  }
}
