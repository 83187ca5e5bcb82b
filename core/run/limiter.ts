import type { Clock } from './call';
import { type Waiter, WaitingLine } from './waiting-line';
import type { WorkClass } from './work-class';

/**
 * So long a call lets more urgent ones go first. Behind API Gateway a run has 29 s in all and mostly several
 * such waits: with a longer one, batch runs would only wait until they are too late.
 */
export const MAX_YIELD_MS = 5_000;

/**
 * Holds the calls in flight to one backend of a component to a limit.
 *
 * Interactive calls go before batch ones, of which one place stays free, and within a class the longest remaining path goes
 * first; but who has waited for `MAX_YIELD_MS` goes before all who have waited less, so that nobody waits for ever.
 */
export class Limiter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #lines: Readonly<Record<WorkClass, WaitingLine>> = {
    interactive: new WaitingLine(),
    batch: new WaitingLine(),
  };
  #free: number;
  /** Places that batch calls may still take. */
  #freeForBatch: number;

  constructor(limit: number, clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#free = limit;
    this.#freeForBatch = Math.max(1, limit - 1);
  }

  /** Whether a call would find a place at once. */
  hasRoom(work: WorkClass): boolean {
    return this.#free > 0 && (work === 'interactive' || this.#freeForBatch > 0);
  }

  /** Resolves when a place is taken, at once if one is free; rejects with the signal's reason if it aborts first. */
  acquire(work: WorkClass, priority: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.hasRoom(work)) {
      this.#count(work, -1);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const line = this.#lines[work];
      const abandon = () => {
        line.remove(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        priority,
        sinceMs: this.#clock.now(),
        enter: () => {
          signal.removeEventListener('abort', abandon);
          this.#count(work, -1);
          resolve();
        },
      };
      signal.addEventListener('abort', abandon, { once: true });
      line.add(waiter);
    });
  }

  /** Gives a place back, to the next that waits. */
  release(work: WorkClass): void {
    this.#count(work, 1);
    this.#takeNext()?.enter();
  }

  #count(work: WorkClass, by: 1 | -1): void {
    this.#free += by;
    if (work === 'batch') this.#freeForBatch += by;
  }

  #takeNext(): Waiter | undefined {
    const { interactive, batch } = this.#lines;
    const lines = this.#freeForBatch > 0 ? [interactive, batch] : [interactive];
    const eldest = lines.flatMap(({ oldest }) => oldest ?? []).sort((a, b) => a.sinceMs - b.sinceMs)[0];
    if (eldest && this.#clock.now() - eldest.sinceMs >= MAX_YIELD_MS) {
      for (const line of lines) line.remove(eldest);
      return eldest;
    }
    return interactive.takeFirst() ?? (this.#freeForBatch > 0 ? batch.takeFirst() : undefined);
  }
}
