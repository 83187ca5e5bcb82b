import {
  type ComputeContext,
  fallbackOf,
  hasFallback,
  type MapNode,
  type NodeDefinition,
  type Values,
} from '../graph/definition';
import type { PlanNode } from '../graph/planned';
import { show } from '../graph/show';
import { isThenable } from '../graph/thenable';
import { unlessAborted } from './abort';
import { CallError } from './errors';
import type { Scope } from './scope';

/** Makes one call for a node, with the input that the function returns; `item` counts the items of a map. */
export type MakeCall = (input: () => unknown, item?: number) => Promise<unknown>;

/** Takes what a node passes on before it ends. */
export type Emit = (chunk: unknown) => void;

/** Runs the body of a node: its value, at once or later. */
export function invoke(
  node: Exclude<NodeDefinition, PlanNode>,
  values: Values,
  scope: Scope,
  call: MakeCall,
  emit: Emit | undefined,
): unknown {
  if (node.kind === 'call') return call(() => node.input(values));
  if (node.kind === 'map') return callForEach(node, values, scope, call, node.stream ? emit : undefined);
  const result = node.run(values, new Context(scope));
  if (node.stream) return collect(result, scope, emit);
  return isThenable(result) && scope.isLimited ? unlessAborted(result, scope.signal) : result;
}

/** All that a function may know of the run. */
class Context implements ComputeContext {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** What a function yields, as a list, and each passed on at once. */
async function collect(chunks: unknown, scope: Scope, emit: Emit | undefined): Promise<unknown[]> {
  if (!isAsyncIterable(chunks)) {
    throw new CallError('failed', `a function that streams must return an async iterable, got: ${show(chunks)}`);
  }
  const collected: unknown[] = [];
  await forEachAsItComes(chunks, scope, Infinity, (chunk) => {
    collected.push(chunk);
    emit?.(chunk);
  });
  return collected;
}

/** An item that may fail leaves a gap; so do those that the node's time limit cut off. */
async function callForEach(
  node: MapNode,
  values: Values,
  scope: Scope,
  call: MakeCall,
  emit: Emit | undefined,
): Promise<unknown[]> {
  const items = node.over(values);
  const answers: unknown[] = [];
  const callFor = async (item: unknown, i: number) => {
    try {
      answers[i] = await call(() => node.input(item, values, i), i);
    } catch (error) {
      if (!hasFallback(node)) throw error;
      answers[i] = fallbackOf(node);
    }
  };
  const answered = emit ? inOrder(answers, emit) : undefined;
  const takeItem = answered ? (item: unknown, i: number) => callFor(item, i).then(() => answered(i)) : callFor;
  if (isAsyncIterable(items)) {
    await forEachAsItComes(items, scope, node.concurrency ?? Infinity, takeItem);
    return answers;
  }
  if (!Array.isArray(items)) {
    throw new CallError('invalid', `"over" must return a list or an async iterable, got: ${typeof items}`);
  }

  answers.length = items.length;
  let next = 0;
  const takeItems = async () => {
    while (next < items.length) {
      const i = next++;
      await takeItem(items[i], i);
    }
  };
  const inFlight = Math.min(items.length, node.concurrency ?? items.length);
  await Promise.all(Array.from({ length: inFlight }, takeItems));
  return answers;
}

/** Told which answer has come; passes on all that have none missing before them. */
function inOrder(answers: readonly unknown[], emit: Emit): (i: number) => void {
  const come = new Set<number>();
  let next = 0;
  return (i) => {
    come.add(i);
    while (come.delete(next)) emit(answers[next++]);
  };
}

/**
 * Takes items while they come, at most so many at once; the first that fails ends it, and so does the end of the scope.
 * Whatever ends it, who brings the items learns that no more are taken.
 */
async function forEachAsItComes(
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
