import { randomUUID } from 'node:crypto';
import type { Timer } from '../../../core/run/call';
import type { World } from '../../world/world';
import { actionArn, resourceIdOf, SCALABLE_DIMENSION, SERVICE_NAMESPACE } from './names';

export interface ScheduledLimits {
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
}

interface ScheduledAction {
  readonly name: string;
  readonly arn: string;
  readonly schedule: string;
  readonly limits: ScheduledLimits;
  readonly createdAtMs: number;
}

/** The limits that are to hold from a time on, for one component. */
export class ScheduledActions {
  readonly #actions = new Map<string, ScheduledAction>();
  readonly #timers = new Map<string, Timer>();

  constructor(
    private readonly componentName: string,
    private readonly world: World,
    private readonly apply: (limits: ScheduledLimits) => void,
  ) {}

  /** @throws RangeError for a schedule that is not `at(yyyy-mm-ddThh:mm:ss)` */
  put(name: string, schedule: string, limits: ScheduledLimits): void {
    const dueAtMs = readSchedule(schedule);
    const before = this.#actions.get(name);
    this.delete(name);
    this.#actions.set(name, {
      name,
      arn: before?.arn ?? actionArn(randomUUID(), resourceIdOf(this.componentName), name),
      schedule,
      limits,
      createdAtMs: before?.createdAtMs ?? this.world.nowMs,
    });
    this.#wait(name, dueAtMs, limits);
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    this.world.clock.clearTimer(this.#timers.get(name));
    this.#timers.delete(name);
    return this.#actions.delete(name);
  }

  describe(): (object & { readonly ScheduledActionName: string })[] {
    return [...this.#actions.values()].map(({ name, arn, schedule, limits, createdAtMs }) => ({
      ScheduledActionName: name,
      ScheduledActionARN: arn,
      ServiceNamespace: SERVICE_NAMESPACE,
      Schedule: schedule,
      ResourceId: resourceIdOf(this.componentName),
      ScalableDimension: SCALABLE_DIMENSION,
      ScalableTargetAction: limits,
      CreationTime: createdAtMs / 1000,
    }));
  }

  /** A clock may wake early: it knows no delay of months. */
  #wait(name: string, dueAtMs: number, limits: ScheduledLimits): void {
    const wake = () => {
      if (Math.round(this.world.nowMs) < dueAtMs) this.#wait(name, dueAtMs, limits);
      else this.apply(limits);
    };
    this.#timers.set(name, this.world.clock.setTimer(wake, dueAtMs - this.world.nowMs));
  }
}

/** In milliseconds since 1970. */
function readSchedule(schedule: string): number {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(schedule)?.[1];
  const atMs = time === undefined ? Number.NaN : Date.parse(`${time}Z`);
  if (!Number.isNaN(atMs)) return atMs;
  throw new RangeError(`Schedule in the local stack must be at(yyyy-mm-ddThh:mm:ss), in UTC, got: ${schedule}`);
}
