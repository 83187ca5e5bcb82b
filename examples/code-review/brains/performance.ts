import type { OwnNode } from '../syntax/functions';
import { expressionName } from '../syntax/names';
import { contains, isFunction, isLoop, mentions, type Node } from '../syntax/nodes';
import { analyser, type Inspected, type Observation } from './analyser';

/** Stands in for the performance analyser. */
export const performance = analyser((inspected) => [
  ...sequentialAwaits(inspected),
  ...searchesInLoops(inspected),
  ...copiedAccumulators(inspected),
  ...blockingCalls(inspected),
]);

function sequentialAwaits({ nodes }: Inspected): Observation[] {
  return nodes.filter(isAwaitedEachTurn).map(({ node }) => ({
    at: node,
    severity: 'medium',
    title: 'Sequential awaits',
    detail: 'Each turn of the loop waits for the one before, so the waiting times add up.',
    suggestion: 'Start the calls together and await them with Promise.all, within a limit, unless their order matters.',
  }));
}

/** A loop that polls or retries has to wait; only lists are walked in parallel. */
function isAwaitedEachTurn({ node, ancestors }: OwnNode): boolean {
  if (node.type !== 'AwaitExpression') return false;
  const inner = ancestors.slice(ancestors.findLastIndex(isFunction) + 1);
  const loop = inner.findLast(isLoop);
  if (loop?.type !== 'ForOfStatement' && loop?.type !== 'ForStatement') return false;
  const isForAwait = loop.type === 'ForOfStatement' && loop.await;
  return !isForAwait && inner.includes(loop.body) && !leavesEarly(loop.body);
}

const leavesEarly = (body: Node) => contains(body, ({ type }) => /^(Break|Return)Statement$/.test(type));

const SEARCHES = new Set(['includes', 'indexOf', 'find', 'findIndex']);

function searchesInLoops({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node, ancestors }): Observation[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const search = expressionName(node.callee);
    const loop = ancestors.findLast(isLoop);
    if (!search || !SEARCHES.has(search) || !loop || !startsBefore(loop, node.callee.object)) return [];
    return [
      {
        at: node,
        severity: 'low',
        title: 'Search inside a loop',
        detail: `\`${search}\` walks its list in every turn: the work grows with the product of both lengths.`,
        suggestion: 'Build a Set or a Map before the loop.',
      },
    ];
  });
}

/** Whether the list that is searched is the same in every turn: a plain variable that the loop does not declare. */
function startsBefore(loop: Node, list: Node): boolean {
  return list.type === 'Identifier' && !declares(loop, list.name);
}

const declares = (node: Node, name: string) =>
  contains(node, (below) => below.type === 'VariableDeclarator' && mentions(below.id, name));

function copiedAccumulators({ nodes }: Inspected): Observation[] {
  return nodes.flatMap(({ node }): Observation[] => {
    if (node.type !== 'CallExpression' || expressionName(node.callee) !== 'reduce') return [];
    const step = node.arguments[0];
    const accumulator = step && isFunction(step) ? step.params[0] : undefined;
    if (!step || accumulator?.type !== 'Identifier' || !spreads(step, accumulator.name)) return [];
    return [
      {
        at: node,
        severity: 'medium',
        title: 'Accumulator copied in reduce',
        detail: `Every step copies all of \`${accumulator.name}\`: the work grows with the square of the list.`,
        suggestion: 'Use flatMap, Object.fromEntries or a loop that adds to one collection.',
      },
    ];
  });
}

const spreads = (node: Node, name: string) =>
  contains(node, (below) => below.type === 'SpreadElement' && mentions(below.argument, name));

const BLOCKING =
  /^(?:read|write|append|copy|exec|spawn|mkdir|readdir|rm|stat|exists|gzip|gunzip|pbkdf2|scrypt)\w*Sync$/;

function blockingCalls({ fn, nodes }: Inspected): Observation[] {
  if (!fn.async) return [];
  return nodes.flatMap(({ node }): Observation[] => {
    const name = node.type === 'CallExpression' ? expressionName(node.callee) : undefined;
    if (!name || !BLOCKING.test(name)) return [];
    return [
      {
        at: node,
        severity: 'medium',
        title: 'Blocking call in an async function',
        detail: `\`${name}\` stops every other request of the process while it works.`,
        suggestion: 'Use the asynchronous form of the call.',
      },
    ];
  });
}
