import { DAY_SECONDS } from '../../core/time-units';

/** A scheduled action of Application Auto Scaling: new limits at a time of every day, or of one day of the week. */
export interface ScheduledAction {
  /** 0 is the first day of the world. @default every day */
  readonly dayOfWeek?: number;
  /** Since midnight. */
  readonly atSeconds: number;
  readonly minCopies?: number;
  readonly maxCopies?: number;
}

/**
 * The next moment of an action after another, in seconds of the world.
 *
 * @throws RangeError for a day that no week has, or a time that no day has
 */
export function nextTime({ dayOfWeek, atSeconds }: ScheduledAction, afterSeconds: number): number {
  if (dayOfWeek !== undefined && !(Number.isInteger(dayOfWeek) && dayOfWeek >= 0 && dayOfWeek < 7)) {
    throw new RangeError(`dayOfWeek of a scheduled action must be a whole number from 0 to 6, got: ${dayOfWeek}`);
  }
  if (!(Number.isInteger(atSeconds) && atSeconds >= 0 && atSeconds < DAY_SECONDS)) {
    throw new RangeError(
      `atSeconds of a scheduled action must be a whole number from 0 to ${DAY_SECONDS - 1}, got: ${atSeconds}`,
    );
  }
  const today = Math.floor(afterSeconds / DAY_SECONDS);
  for (let day = today; ; day++) {
    const time = day * DAY_SECONDS + atSeconds;
    if (time > afterSeconds && (dayOfWeek === undefined || day % 7 === dayOfWeek)) return time;
  }
}
