/** No figure is published: assumed, after reports of GPU types that could not be had for an hour or more. */
const DEFAULT_MEAN_MINUTES = 60;

/** A zone that now and then has none of an instance type: its shortages last, and between two of them there is none. */
export interface ShortageModel {
  /** Share of the time in which an instance cannot be had. @default 0 */
  readonly insufficientCapacity?: number;
  /** How long such a time is on average. @default 60, assumed */
  readonly shortageMinutes?: number;
}

/**
 * The shortages of one instance type: a Markov process of two states, seen only when an instance is asked for. By the
 * time since it was last seen it tends towards the share of the time in which it is short, from the state that it had.
 */
export class CapacityShortage {
  readonly #share: number;
  readonly #forgettingUs: number;
  #isShort = false;
  /** Before it is seen first, it may be either. */
  #seenAtUs = -Infinity;

  constructor({ insufficientCapacity = 0, shortageMinutes = DEFAULT_MEAN_MINUTES }: ShortageModel) {
    this.#share = insufficientCapacity;
    this.#forgettingUs = (1 - insufficientCapacity) * shortageMinutes * 60e6;
  }

  /** @param uniform drawn in [0, 1) for this look */
  isShort(nowUs: number, uniform: number): boolean {
    const remembered = nowUs > this.#seenAtUs ? Math.exp((this.#seenAtUs - nowUs) / this.#forgettingUs) : 1;
    const probability = this.#share + ((this.#isShort ? 1 : 0) - this.#share) * remembered;
    this.#isShort = uniform < probability;
    this.#seenAtUs = nowUs;
    return this.#isShort;
  }
}
