import { STARTS_KEPT } from '../../core/scale/ready-seconds';
import type { ScalingActivity } from './scaling-service';

/** How long the last starts of copies took. Plain JSON data. */
export interface StartTimes {
  readonly seconds: readonly number[];
  /** End of the newest activity among them. */
  readonly untilMs: number;
}

/** Of a change whose predecessor is not told, this alone tells that it added copies. */
const ADDING = /AlarmHigh|minimum capacity/;

export const NO_STARTS: StartTimes = { seconds: [], untilMs: 0 };

/** Learns from changes to more copies that ended since: from when copies were asked for until all of them served. */
export function learnStarts(starts: StartTimes, activities: readonly ScalingActivity[]): StartTimes {
  const inOrder = activities.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const grown = inOrder.filter(({ copies, cause }, i) =>
    i > 0 ? copies > inOrder[i - 1]!.copies : ADDING.test(cause),
  );
  const fresh = grown.filter(({ endedAtMs }) => endedAtMs > starts.untilMs).sort((a, b) => a.endedAtMs - b.endedAtMs);
  if (fresh.length === 0) return starts;
  const seconds = fresh.map(({ startedAtMs, endedAtMs }) => (endedAtMs - startedAtMs) / 1000);
  return { seconds: [...starts.seconds, ...seconds].slice(-STARTS_KEPT), untilMs: fresh.at(-1)!.endedAtMs };
}
