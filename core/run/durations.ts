import { RollingQuantile } from './rolling-quantile';

const MEDIAN = 0.5;

/** Odd, so that the median is a sample; long enough to outlive a burst, short enough to follow a new model version. */
const WINDOW = 31;

/** So little that it only decides between nodes of unknown or equal duration: the one with more nodes behind it first. */
const HOP_MS = 1e-6;

/** What the nodes of a graph typically take, learned from their last runs. */
export class Durations {
  readonly #dependents: readonly (readonly number[])[];
  readonly #medians: readonly RollingQuantile[];
  #paths: Float64Array | undefined;

  constructor(dependents: readonly (readonly number[])[]) {
    this.#dependents = dependents;
    this.#medians = dependents.map(() => new RollingQuantile(MEDIAN, WINDOW));
  }

  add(position: number, durationMs: number): void {
    this.#medians[position]!.add(durationMs);
    this.#paths = undefined;
  }

  /** 0 if nothing is known. */
  typicalMs(position: number): number {
    return this.#medians[position]!.value;
  }

  /** For each node, how long the longest path from its start to the end of the run typically takes. */
  remainingPaths(): Float64Array {
    this.#paths ??= this.#findPaths();
    return this.#paths;
  }

  #findPaths(): Float64Array {
    const paths = new Float64Array(this.#medians.length);
    for (let i = paths.length - 1; i >= 0; i--) {
      let longest = 0;
      for (const dependent of this.#dependents[i]!) longest = Math.max(longest, paths[dependent]!);
      paths[i] = longest + this.typicalMs(i) + HOP_MS;
    }
    return paths;
  }
}
