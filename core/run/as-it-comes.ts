import type { Scope } from './scope';

/** Takes what a node passes on before it ends. */
export type Emit = (chunk: unknown) => void;

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator] === 'function';
}

/**
 * Takes items while they come, at most so many at once; the first that fails ends it, and so does the end of the scope.
 * Whatever ends it, who brings the items learns that no more are taken.
 */
export async function forEachAsItComes(
  items: AsyncIterable<unknown>,
  scope: Scope,
  concurrency: number,
  take: (item: unknown, i: number) => Promise<void> | void,
): Promise<void> {
  let open = 0;
  let failure: { readonly error: unknown } | undefined;
  // One of each at a time, not a promise that lives as long as all items: it would remember every one that waited for it.
  let stop = (_error: unknown) => {};
  let freed = () => {};
  const fail = (error: unknown) => {
    failure ??= { error };
    stop(failure.error);
  };
  /** What begins only then, and is waited for only until then. */
  const unlessFailed = <T>(begin: () => T | PromiseLike<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure.error);
      stop = reject;
      Promise.resolve(begin()).then(resolve, reject);
    });
  const answered = () => {
    open--;
    freed();
  };
  const oneFreed = () =>
    unlessFailed(
      () =>
        new Promise<void>((resolve) => {
          freed = resolve;
        }),
    );
  const iterator = items[Symbol.asyncIterator]();
  scope.add({ abort: fail });
  try {
    for (let i = 0; ; i++) {
      const next = await unlessFailed(() => iterator.next());
      if (next.done) break;
      const taking = take(next.value, i);
      if (!taking) continue;
      open++;
      taking.then(answered, fail);
      if (open >= concurrency) await oneFreed();
    }
    while (open > 0) await oneFreed();
  } finally {
    // Not awaited: who waits for something itself ends when that comes.
    void leave(iterator);
  }
}

async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The node has ended: what its author's clean-up throws can change nothing any more.
  }
}
