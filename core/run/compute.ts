import type { ComputeContext, ComputeNode, Values } from '../graph/definition';
import { show } from '../graph/show';
import { type Emit, forEachAsItComes, isAsyncIterable } from './as-it-comes';
import { CallError } from './errors';
import type { Scope } from './scope';

/**
 * Runs the function of a node: its value, at once or later.
 *
 * @param scopeOf makes the scope of the node: most functions are done at once, and ask for none
 */
export function compute(node: ComputeNode, values: Values, scopeOf: () => Scope, emit: Emit | undefined): unknown {
  const result = node.run(values, new Context(scopeOf));
  return node.stream ? collect(result, scopeOf(), emit) : result;
}

/** All that a function may know of the run. */
class Context implements ComputeContext {
  readonly #scopeOf: () => Scope;

  constructor(scopeOf: () => Scope) {
    this.#scopeOf = scopeOf;
  }

  get signal(): AbortSignal {
    return this.#scopeOf().signal;
  }
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
