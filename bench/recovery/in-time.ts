import type { RequestList } from '../../sim/workload/request-list.ts';

/** The requests of a run by when they came, and whether each was in time. A request that failed took for ever. */
export class InTime {
  constructor(
    private readonly requests: RequestList,
    private readonly latencyUs: Float64Array,
    private readonly objectiveMs: number,
  ) {}

  /** Of the requests that came from one moment to before another. */
  between(fromUs: number, toUs: number): { readonly count: number; readonly late: number } {
    let count = 0;
    let late = 0;
    for (let at = this.#firstFrom(fromUs); at < this.requests.count && this.requests.arrivalUs[at]! < toUs; at++) {
      count++;
      if (this.latencyUs[at]! > this.objectiveMs * 1000) late++;
    }
    return { count, late };
  }

  /** By nearest rank, of the requests that came from one moment to before another. */
  p95Seconds(fromUs: number, toUs: number): number {
    const sorted = this.latencyUs.subarray(this.#firstFrom(fromUs), this.#firstFrom(toUs)).toSorted();
    return (sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0) / 1e6;
  }

  #firstFrom(us: number): number {
    const { arrivalUs, count } = this.requests;
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (arrivalUs[middle]! < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
