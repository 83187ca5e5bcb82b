import { type ComputeNode, hasFallback, type MapNode, type NodeDefinition, type Values } from '../graph/definition';
import { unlessAborted } from './abort';
import { CallError } from './errors';
import type { NodeScope } from './node-scope';

/** Makes one call for a node; `item` counts the items of a map. */
export type MakeCall = (input: unknown, item?: number) => Promise<unknown>;

/** Runs the body of a node: its value, at once or later. */
export function invoke(node: NodeDefinition, values: Values, scope: NodeScope, call: MakeCall): unknown {
  switch (node.kind) {
    case 'compute':
      return compute(node, values, scope);
    case 'call':
      return call(node.input(values));
    case 'map':
      return callForEach(node, values, call);
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function compute(node: ComputeNode, values: Values, scope: NodeScope): unknown {
  const result = node.run(values, scope);
  return isThenable(result) && scope.deadline !== Infinity ? unlessAborted(result, scope.signal) : result;
}

async function callForEach(node: MapNode, values: Values, call: MakeCall): Promise<unknown[]> {
  const items = node.over(values);
  if (!Array.isArray(items)) throw new CallError('failed', `"over" must return a list, got: ${typeof items}`);

  const answers = new Array<unknown>(items.length);
  let next = 0;
  const takeItems = async () => {
    while (next < items.length) {
      const i = next++;
      answers[i] = await callForItem(node, () => call(node.input(items[i], values, i), i));
    }
  };
  const inFlight = Math.min(items.length, node.concurrency ?? items.length);
  await Promise.all(Array.from({ length: inFlight }, takeItems));
  return answers;
}

/** An item that may fail leaves a gap; so do those that the node's time limit cut off. */
async function callForItem(node: MapNode, call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (!hasFallback(node)) throw error;
    return node.default;
  }
}
