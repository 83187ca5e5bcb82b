import { type CallNode, fallbackOf, hasFallback, type MapNode, type Values } from '../graph/definition';
import { type Emit, forEachAsItComes, isAsyncIterable } from './as-it-comes';
import { CallError } from './errors';
import type { Scope } from './scope';

/** Makes one call for a node, with the input that the function returns; `item` counts the items of a map. */
export type MakeCall = (input: () => unknown, item?: number) => Promise<unknown>;

/** Makes the calls of a node: its value, later. */
export function invoke(
  node: CallNode | MapNode,
  values: Values,
  scope: Scope,
  call: MakeCall,
  emit: Emit | undefined,
): Promise<unknown> {
  if (node.kind === 'call') return call(() => node.input(values));
  return callForEach(node, values, scope, call, node.stream ? emit : undefined);
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
