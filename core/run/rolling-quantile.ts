/** A quantile of the last samples. */
export class RollingQuantile {
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];
  #oldest = 0;

  /**
   * @param share of the samples that are below it, as 0.5 for the median
   * @param window how many samples it looks at
   */
  constructor(
    private readonly share: number,
    private readonly window: number,
  ) {}

  /** Samples that it looks at now. */
  get count(): number {
    return this.#sorted.length;
  }

  /** 0 before the first sample. */
  get value(): number {
    return this.#sorted[Math.floor(this.#sorted.length * this.share)] ?? 0;
  }

  add(sample: number): void {
    if (this.#recent.length < this.window) {
      this.#recent.push(sample);
    } else {
      this.#sorted.splice(this.#rankOf(this.#recent[this.#oldest]!), 1);
      this.#recent[this.#oldest] = sample;
      this.#oldest = (this.#oldest + 1) % this.window;
    }
    this.#sorted.splice(this.#rankOf(sample), 0, sample);
  }

  /** Where a sample is, or belongs, in the sorted window. */
  #rankOf(sample: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < sample) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
