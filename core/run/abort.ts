import type { Clock, Timer } from './call';

/** The value of the promise, or the reason of the abort that came first; a later outcome is dropped. */
export function unlessAborted<T>(promise: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const settle = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    // Not every thenable returns a promise from `then`.
    Promise.resolve(promise).then(resolve, reject).then(settle, settle);
    if (signal.aborted) abort();
  });
}

/** What ends a run from outside. */
export interface Bounds {
  /** Clock time by which it must have ended; Infinity if it has no limit. */
  readonly deadline: number;
  /** Cancels it. */
  readonly signal: AbortSignal | undefined;
}

/** The value, or undefined if the bounds came before it; a later outcome is dropped. What is there at once is not waited for. */
export function unlessOver<T>(
  value: T | Promise<T>,
  clock: Clock,
  { deadline, signal }: Bounds,
): T | undefined | Promise<T | undefined> {
  if (!(value instanceof Promise) || (deadline === Infinity && !signal)) return value;
  return new Promise((resolve, reject) => {
    let timer: Timer;
    const free = () => {
      if (timer !== undefined) clock.clearTimer(timer);
      signal?.removeEventListener('abort', over);
    };
    const over = () => {
      free();
      resolve(undefined);
    };
    if (deadline < Infinity) timer = clock.setTimer(over, Math.max(0, deadline - clock.now()));
    signal?.addEventListener('abort', over, { once: true });
    value.finally(free).then(resolve, reject);
    if (signal?.aborted) over();
  });
}
