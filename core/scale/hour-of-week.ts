import { HOUR_MS } from '../time-units';

export const HOURS_PER_WEEK = 168;

/** The epoch began on a Thursday. */
const EPOCH_HOUR = 3 * 24;

/** Hours since Monday 00:00 UTC, 0 to 167. */
export function hourOfWeek(atMs: number): number {
  return (Math.floor(atMs / HOUR_MS) + EPOCH_HOUR) % HOURS_PER_WEEK;
}
