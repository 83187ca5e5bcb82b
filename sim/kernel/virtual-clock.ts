import type { Clock, Timer } from '../../core/run/call';
import { PriorityQueue } from '../../core/run/priority-queue';

class VirtualTimer {
  isCleared = false;

  constructor(
    readonly atUs: number,
    readonly wake: () => void,
  ) {}
}

/** A clock that stands still until it is told to advance. Whole microseconds, so that sums of times are exact. */
export class VirtualClock implements Clock {
  /** The next one first; of two at the same moment, the one set first. */
  readonly #timers = new PriorityQueue<VirtualTimer>();
  #nowUs = 0;

  now(): number {
    return this.#nowUs / 1000;
  }

  setTimer(wake: () => void, delayMs: number): Timer {
    const delayUs = Math.max(0, Math.round(delayMs * 1000));
    const timer = new VirtualTimer(this.#nowUs + delayUs, wake);
    this.#timers.push(timer, -timer.atUs);
    return timer;
  }

  clearTimer(timer: Timer): void {
    if (timer instanceof VirtualTimer) timer.isCleared = true;
  }

  /** Lets time pass, waking every timer on the way at its own moment. */
  advance(byMs: number): void {
    const untilUs = this.#nowUs + Math.round(byMs * 1000);
    for (let timer = this.#timers.peek(); timer && timer.atUs <= untilUs; timer = this.#timers.peek()) {
      this.#timers.pop();
      this.#nowUs = timer.atUs;
      if (!timer.isCleared) timer.wake();
    }
    this.#nowUs = untilUs;
  }
}
