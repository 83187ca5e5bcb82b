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
