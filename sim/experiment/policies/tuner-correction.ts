import { correctSplit, measureP95 } from '../../../core/scale';
import { LatencyHistogram } from './tuner-histogram';

export const DAY_PART_MS = 6 * 3_600_000;

const PARTS_A_DAY = 4;

/** Follows whole runs through a day, and stretches the objectives of the components until the runs use theirs. */
export class SplitCorrection {
  #stretch = 1;
  #open = new LatencyHistogram();
  #day: LatencyHistogram[] = [];

  constructor(private readonly objectiveMs: number) {}

  /** @param latencyUs Infinity of a run that failed */
  runEnded(latencyUs: number): void {
    this.#open.add(latencyUs / 1000);
  }

  /** The factor on all objectives; 1 until the first part of a day is over. */
  get stretch(): number {
    return this.#stretch;
  }

  /** @returns whether the factor has changed */
  endDayPart(): boolean {
    this.#day = [...this.#day, this.#open].slice(-PARTS_A_DAY);
    this.#open = new LatencyHistogram();
    const latency = new LatencyHistogram();
    for (const part of this.#day) latency.addAll(part);
    const before = this.#stretch;
    if (latency.count > 0) {
      this.#stretch = correctSplit(before, measureP95(latency), this.objectiveMs);
    }
    return this.#stretch !== before;
  }
}
