import { MINUTE_MS } from '../../core/time-units';

/** From when to when each tick has seen a copy in service. Plain JSON data. */
export interface Serving {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Between two ticks further apart copies may have gone and come again. */
const TICKS_APART_MS = 2 * MINUTE_MS;

/** @param copies in service now */
export function seeServing(before: Serving | undefined, copies: number, nowMs: number): Serving | undefined {
  if (copies === 0) return undefined;
  const isGoingOn = before !== undefined && nowMs - before.untilMs <= TICKS_APART_MS;
  return { sinceMs: isGoingOn ? before.sinceMs : nowMs, untilMs: nowMs };
}
