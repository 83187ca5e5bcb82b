import type { Clock } from '../../core/run/call';
import { MAX_DELAY_MS } from '../../lambda/orchestrator/system-clock';

/**
 * Real time, `speed` times as fast: at 60 a minute of the world passes in a second, and a second that this machine spends on
 * a call of its own counts as a minute.
 *
 * Its timers do not keep the process alive: a component has one at all times while it has copies.
 */
export function wallClock(speed = 1): Clock {
  if (!(speed > 0 && speed < Infinity)) throw new RangeError(`speed must be a positive number, got: ${speed}`);
  const startedAt = performance.now();
  return {
    now: () => (performance.now() - startedAt) * speed,
    setTimer: (wake, delayMs) => {
      const timeout = setTimeout(wake, Math.min(Math.max(0, delayMs) / speed, MAX_DELAY_MS)).unref();
      return timeout[Symbol.toPrimitive]();
    },
    clearTimer: (timer) => {
      if (typeof timer === 'number') clearTimeout(timer);
    },
  };
}
