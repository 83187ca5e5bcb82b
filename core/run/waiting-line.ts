import { PriorityQueue } from './priority-queue';

/** Somebody who waits for a place. */
export interface Waiter {
  readonly priority: number;
  readonly sinceMs: number;
  enter(): void;
}

/** With fewer entries than this it is not worth looking for those who have gone. */
const MIN_ENTRIES = 16;

/** Those who wait for the same: the one with the highest priority can be taken out, and so can the one who has waited longest. */
export class WaitingLine {
  /** In the order of their coming. */
  readonly #waiting = new Set<Waiter>();
  /** May hold some who have gone. */
  #byPriority = new PriorityQueue<Waiter>();

  get oldest(): Waiter | undefined {
    return this.#waiting.values().next().value;
  }

  add(waiter: Waiter): void {
    this.#waiting.add(waiter);
    this.#byPriority.push(waiter, waiter.priority);
  }

  remove(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    if (this.#byPriority.size < MIN_ENTRIES + 2 * this.#waiting.size) return;
    this.#byPriority = new PriorityQueue();
    for (const each of this.#waiting) this.#byPriority.push(each, each.priority);
  }

  /** Takes the one with the highest priority out, of two equals the older. */
  takeFirst(): Waiter | undefined {
    for (;;) {
      const first = this.#byPriority.pop();
      if (!first || this.#waiting.delete(first)) return first;
    }
  }
}
