import {
  type ComputeContext,
  fallbackOf,
  hasFallback,
  type MapNode,
  type NodeDefinition,
  type Values,
} from '../graph/definition';
import type { PlanNode } from '../graph/planned';
import { unlessAborted } from './abort';
import { CallError } from './errors';
import type { Scope } from './scope';

/** Makes one call for a node, with the input that the function returns; `item` counts the items of a map. */
export type MakeCall = (input: () => unknown, item?: number) => Promise<unknown>;

/** Runs the body of a node: its value, at once or later. */
export function invoke(node: Exclude<NodeDefinition, PlanNode>, values: Values, scope: Scope, call: MakeCall): unknown {
  if (node.kind === 'call') return call(() => node.input(values));
  if (node.kind === 'map') return callForEach(node, values, call);
  const result = node.run(values, new Context(scope));
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

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** An item that may fail leaves a gap; so do those that the node's time limit cut off. */
async function callForEach(node: MapNode, values: Values, call: MakeCall): Promise<unknown[]> {
  const items = node.over(values);
  if (!Array.isArray(items)) throw new CallError('invalid', `"over" must return a list, got: ${typeof items}`);

  const answers = new Array<unknown>(items.length);
  let next = 0;
  const takeItems = async () => {
    while (next < items.length) {
      const i = next++;
      try {
        answers[i] = await call(() => node.input(items[i], values, i), i);
      } catch (error) {
        if (!hasFallback(node)) throw error;
        answers[i] = fallbackOf(node);
      }
    }
  };
  const inFlight = Math.min(items.length, node.concurrency ?? items.length);
  await Promise.all(Array.from({ length: inFlight }, takeItems));
  return answers;
}
