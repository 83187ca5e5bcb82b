import { PriorityQueue } from './priority-queue';

/** Holds the calls in flight to one component to a limit; of those that wait, the longest remaining path goes first. */
export class Limiter {
  #free: number;
  readonly #waiting = new PriorityQueue<Waiter>();

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Whether a call would find a place at once. */
  get hasRoom(): boolean {
    return this.#free > 0;
  }

  /** Resolves when a place is taken, at once if one is free; rejects with the signal's reason if it aborts first. */
  acquire(priority: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free--;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const abandon = () => {
        waiter.isAbandoned = true;
        reject(signal.reason);
      };
      const waiter: Waiter = {
        isAbandoned: false,
        enter: () => {
          signal.removeEventListener('abort', abandon);
          resolve();
        },
      };
      signal.addEventListener('abort', abandon, { once: true });
      this.#waiting.push(waiter, priority);
    });
  }

  /** Gives a place back, to the next that waits. */
  release(): void {
    let next = this.#waiting.pop();
    while (next?.isAbandoned) next = this.#waiting.pop();
    if (next) next.enter();
    else this.#free++;
  }
}

interface Waiter {
  isAbandoned: boolean;
  enter(): void;
}
