/** Odd, so that the median is a sample; long enough to outlive a burst, short enough to follow a new model version. */
const WINDOW = 31;

/** The median of the last samples; 0 before the first. */
export class RollingMedian {
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];
  #oldest = 0;

  get value(): number {
    return this.#sorted[this.#sorted.length >> 1] ?? 0;
  }

  add(sample: number): void {
    if (this.#recent.length < WINDOW) {
      this.#recent.push(sample);
    } else {
      this.#sorted.splice(this.#rankOf(this.#recent[this.#oldest]!), 1);
      this.#recent[this.#oldest] = sample;
      this.#oldest = (this.#oldest + 1) % WINDOW;
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
