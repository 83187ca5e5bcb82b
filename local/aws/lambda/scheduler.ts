import type { Timer } from '../../../core/run/call';
import type { LocalFunction } from '../../world/component';
import type { World } from '../../world/world';
import type { Invocations } from './invocations';

/** Runs a function again and again, as EventBridge Scheduler does. */
export interface Schedule {
  /** Name or ARN of the function. */
  readonly functionName: string;
  /** Of the world's time: the first run is so long after the start, and each so long after the one before. */
  readonly everySeconds: number;
  /** @default { type: 'tick' } */
  readonly event?: unknown;
}

const TICK = { type: 'tick' };

export class Scheduler {
  readonly #timers = new Map<Schedule, Timer>();

  /** @throws Error if a schedule is for a function that is not there, or has no interval */
  constructor(
    schedules: readonly Schedule[],
    private readonly world: World,
    private readonly invocations: Invocations,
  ) {
    const startedAtMs = world.clock.now();
    for (const schedule of schedules) {
      const { functionName, everySeconds } = schedule;
      const target = world.function(functionName);
      if (!target) throw new Error(`a schedule is for the function ${functionName}, which nothing stands in for`);
      if (!(everySeconds > 0 && everySeconds < Infinity)) {
        throw new Error(`everySeconds of the schedule for ${functionName} must be positive, got: ${everySeconds}`);
      }
      this.#await(schedule, target, startedAtMs + everySeconds * 1000);
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) this.world.clock.clearTimer(timer);
    this.#timers.clear();
  }

  #await(schedule: Schedule, target: LocalFunction, dueAtMs: number): void {
    const { clock } = this.world;
    const wake = () => {
      // A clock may wake early: it knows no delay of months.
      const isDue = Math.round(clock.now()) >= Math.round(dueAtMs);
      if (isDue) this.invocations.add(target, schedule.event ?? TICK);
      this.#await(schedule, target, isDue ? dueAtMs + schedule.everySeconds * 1000 : dueAtMs);
    };
    this.#timers.set(schedule, clock.setTimer(wake, Math.max(0, dueAtMs - clock.now())));
  }
}
