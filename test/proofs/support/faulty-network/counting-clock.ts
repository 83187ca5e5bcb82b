import type { Clock } from '../../../../core/run/call';

/** So many late timers are remembered: more than come in the seconds of a run. */
const MOST_LAGS = 4_000;

/** The real time, with a count of the timers that are set, and of how late the machine is with them. */
export class CountingClock implements Clock {
  /** When each is due. */
  readonly #timers = new Map<NodeJS.Timeout, number>();
  /** In the order of their coming. */
  #lags: { readonly atMs: number; readonly lagMs: number }[] = [];

  get openTimers(): number {
    return this.#timers.size;
  }

  /** How late timers have come at most since a moment: what nobody can be blamed for but the machine. */
  worstLagSince(sinceMs: number): number {
    return this.#lags.reduce((worst, { atMs, lagMs }) => (atMs < sinceMs ? worst : Math.max(worst, lagMs)), 0);
  }

  now(): number {
    return performance.now();
  }

  setTimer(wake: () => void, delayMs: number): NodeJS.Timeout {
    const dueMs = this.now() + delayMs;
    const timer = setTimeout(() => {
      this.#end(timer);
      wake();
    }, delayMs);
    this.#timers.set(timer, dueMs);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.#end(timer as NodeJS.Timeout);
    clearTimeout(timer as NodeJS.Timeout);
  }

  /** One that is cleared after its time was late, too. */
  #end(timer: NodeJS.Timeout): void {
    const dueMs = this.#timers.get(timer);
    this.#timers.delete(timer);
    const atMs = this.now();
    if (dueMs === undefined || atMs < dueMs) return;
    this.#lags.push({ atMs, lagMs: atMs - dueMs });
    if (this.#lags.length > 2 * MOST_LAGS) this.#lags = this.#lags.slice(-MOST_LAGS);
  }
}
