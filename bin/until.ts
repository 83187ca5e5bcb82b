import type { Clock } from '../core/run/call';

/** Settles when a clock has come to a time, in milliseconds. Timers may come early by what they are rounded down. */
export async function until(clock: Clock, atMs: number): Promise<void> {
  for (let leftMs = atMs - clock.now(); leftMs > 0; leftMs = atMs - clock.now()) {
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, leftMs);
    });
  }
}
