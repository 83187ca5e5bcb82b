import type { Clock, Timer } from '../../core/run/call';
import { Timeline } from './timeline';

/** A timeline that follows a clock: the world of the simulator, lived through at a clock's pace. */
export class ClockedTimeline {
  readonly timeline = new Timeline();
  readonly #startMs: number;
  #timer: Timer;
  #wakeAtUs = Infinity;

  constructor(private readonly clock: Clock) {
    this.#startMs = clock.now();
  }

  /** Does something now: after all that was due before, and with a look at what it makes due. */
  now<T>(action: () => T): T {
    this.timeline.advanceTo(Math.round((this.clock.now() - this.#startMs) * 1000));
    try {
      return action();
    } finally {
      this.#plan();
    }
  }

  #plan(): void {
    const { nextAtUs, nowUs } = this.timeline;
    if (nextAtUs === this.#wakeAtUs) return;
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#wakeAtUs = nextAtUs;
    if (nextAtUs === Infinity) return;
    const wake = () => {
      this.#timer = undefined;
      this.#wakeAtUs = Infinity;
      this.now(() => {});
    };
    this.#timer = this.clock.setTimer(wake, (nextAtUs - nowUs) / 1000);
  }
}
