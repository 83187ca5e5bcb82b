import type { Clock } from 'cdk-compound-inference/run';

interface VirtualTimer {
  readonly atMs: number;
  readonly wake: () => void;
}

/** More timers than any test needs: something that waits for ever is found at once. */
const MOST_TIMERS = 100_000;

/** A clock that stands still until told to go on. It wakes timers in order, and lets promises settle after each. */
export class VirtualClock implements Clock {
  readonly #timers: VirtualTimer[] = [];
  #nowMs = 0;
  #woken = 0;

  now(): number {
    return this.#nowMs;
  }

  setTimer(wake: () => void, delayMs: number): VirtualTimer {
    if (Number.isNaN(delayMs)) throw new RangeError('a timer needs a delay, got: NaN');
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), wake };
    // After those of the same moment, so that equals wake in the order they were set.
    let at = this.#timers.length;
    while (at > 0 && this.#timers[at - 1]!.atMs > timer.atMs) at--;
    this.#timers.splice(at, 0, timer);
    return timer;
  }

  clearTimer(timer: VirtualTimer): void {
    const at = this.#timers.indexOf(timer);
    if (at >= 0) this.#timers.splice(at, 1);
  }

  /** Timers that are set and have not woken. */
  get liveTimers(): number {
    return this.#timers.length;
  }

  /** As while a function keeps the process busy: no timer goes off. */
  skip(byMs: number): void {
    this.#nowMs += byMs;
  }

  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await promisesToSettle();
    while (this.#timers[0] && this.#timers[0].atMs <= untilMs) await this.#wakeNext();
    this.#nowMs = untilMs;
  }

  /** Lets time pass until nothing waits for it any more. */
  async runAll(): Promise<void> {
    await promisesToSettle();
    while (this.#timers.length > 0) await this.#wakeNext();
  }

  /** Lets time pass until the promise has settled, and no longer. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const settle = () => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    await promisesToSettle();
    while (!state.isSettled) {
      if (this.#timers.length === 0) throw new Error('the promise waits for nothing: it will never settle');
      await this.#wakeNext();
    }
    return promise;
  }

  async #wakeNext(): Promise<void> {
    if (++this.#woken > MOST_TIMERS) throw new Error(`still busy after ${MOST_TIMERS} timers`);
    const timer = this.#timers.shift()!;
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.wake();
    await promisesToSettle();
  }
}

/** The clock as one of its users sees it, whose own timers can be counted. */
export class ClockView implements Clock {
  readonly #live = new Set<VirtualTimer>();

  constructor(private readonly clock: VirtualClock) {}

  now(): number {
    return this.clock.now();
  }

  setTimer(wake: () => void, delayMs: number): VirtualTimer {
    const timer = this.clock.setTimer(() => {
      this.#live.delete(timer);
      wake();
    }, delayMs);
    this.#live.add(timer);
    return timer;
  }

  clearTimer(timer: VirtualTimer): void {
    this.#live.delete(timer);
    this.clock.clearTimer(timer);
  }

  get liveTimers(): number {
    return this.#live.size;
  }
}

/** An immediate runs once no promise is left to settle: no count of ticks to guess. */
export function promisesToSettle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
