/** Something that happens to an actor at a moment it asked for. */
export interface Actor {
  /** @param what the number that was given with the moment, by which an actor tells its events apart */
  act(what: number): void;
}

const INITIAL_CAPACITY = 1024;

/**
 * Virtual time, in whole microseconds: events in the order of their time, and of the order in which they were asked for
 * where times are equal, so that a run is the same on every machine.
 *
 * A heap in columns, with no object per event. Nothing is ever taken out of it: an actor that no longer wants an event
 * remembers which one it waits for, and lets the others pass.
 */
export class Timeline {
  #nowUs = 0;
  #size = 0;
  #asked = 0;
  #passed = 0;
  #times = new Float64Array(INITIAL_CAPACITY);
  #orders = new Float64Array(INITIAL_CAPACITY);
  #whats = new Float64Array(INITIAL_CAPACITY);
  readonly #actors: Actor[] = [];

  get nowUs(): number {
    return this.#nowUs;
  }

  /** When the next event is due; Infinity if none is. */
  get nextAtUs(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  /** Events so far. */
  get passed(): number {
    return this.#passed;
  }

  /**
   * Asks for an event; a moment that is over means now, after all that was asked for before.
   *
   * @throws RangeError for a fraction of a microsecond
   */
  at(timeUs: number, actor: Actor, what = 0): void {
    if (!Number.isInteger(timeUs)) throw new RangeError(`an event must be at a whole microsecond, got: ${timeUs}`);
    if (this.#size === this.#times.length) this.#grow();
    const time = Math.max(timeUs, this.#nowUs);
    const order = this.#asked++;
    const times = this.#times;
    const actors = this.#actors;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // The latest asked for: of equal times, the parent stays before.
      if (times[parent]! <= time) break;
      this.#copy(parent, at);
      at = parent;
    }
    times[at] = time;
    this.#orders[at] = order;
    this.#whats[at] = what;
    actors[at] = actor;
  }

  /** Lets time pass, and everything happen that is due on the way. */
  advanceTo(timeUs: number): void {
    while (this.#size > 0 && this.#times[0]! <= timeUs) this.#next();
    if (timeUs > this.#nowUs) this.#nowUs = timeUs;
  }

  #next(): void {
    this.#nowUs = this.#times[0]!;
    const actor = this.#actors[0]!;
    const what = this.#whats[0]!;
    this.#removeFirst();
    this.#passed++;
    actor.act(what);
  }

  /** The last entry goes to where it belongs, from the top down. */
  #removeFirst(): void {
    const times = this.#times;
    const orders = this.#orders;
    const last = --this.#size;
    const time = times[last]!;
    const order = orders[last]!;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= last) break;
      let least = first;
      const end = Math.min(first + 4, last);
      for (let child = first + 1; child < end; child++) {
        if (times[child]! < times[least]! || (times[child] === times[least] && orders[child]! < orders[least]!)) {
          least = child;
        }
      }
      if (time < times[least]! || (time === times[least]! && order < orders[least]!)) break;
      this.#copy(least, at);
      at = least;
    }
    this.#copy(last, at);
    this.#actors.pop();
  }

  #copy(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#orders[to] = this.#orders[from]!;
    this.#whats[to] = this.#whats[from]!;
    this.#actors[to] = this.#actors[from]!;
  }

  #grow(): void {
    const grown = (column: Float64Array) => {
      const larger = new Float64Array(2 * column.length);
      larger.set(column);
      return larger;
    };
    this.#times = grown(this.#times);
    this.#orders = grown(this.#orders);
    this.#whats = grown(this.#whats);
  }
}
