import type { Clock } from '../../core/run/call';

/** Longest delay of a Node timer, 25 days; a longer one would fire at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (wake, delayMs) => setTimeout(wake, Math.min(delayMs, MAX_DELAY_MS)),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
