import type { OwnNode } from '../syntax/functions';
import { isFunction, isLoop, type Node } from '../syntax/nodes';
import { analyser, type Inspected, type Observation } from './analyser';

/** McCabe's own bound for a function that can still be tested, and twice it. */
const MAX_PATHS = 10;
const FAR_TOO_MANY_PATHS = 20;

const MAX_NESTING = 3;
const MAX_LINES = 60;
const MAX_PARAMETERS = 5;

/** Stands in for the complexity analyser. */
export const complexity = analyser((inspected) => [
  ...tooManyPaths(inspected),
  ...tooDeep(inspected),
  ...tooLong(inspected),
  ...tooManyParameters(inspected),
]);

function tooManyPaths({ fn, nodes }: Inspected): Observation[] {
  const paths = 1 + nodes.filter(({ node }) => isDecision(node)).length;
  if (paths <= MAX_PATHS) return [];
  return [
    {
      at: fn,
      severity: paths > FAR_TOO_MANY_PATHS ? 'medium' : 'low',
      title: 'Many branches',
      detail: `Its cyclomatic complexity is ${paths}, more than ${MAX_PATHS}: too many paths to test or to hold in mind.`,
      suggestion: 'Move the branches that belong together into functions of their own.',
    },
  ];
}

/** A switch counts once, however many cases it has: it reads as one table. */
function isDecision(node: Node): boolean {
  return (
    isLoop(node) ||
    /^(IfStatement|SwitchStatement|ConditionalExpression|LogicalExpression|CatchClause)$/.test(node.type)
  );
}

function tooDeep({ nodes }: Inspected): Observation[] {
  const deepest = nodes.reduce((a, b) => (nesting(b) > nesting(a) ? b : a));
  if (nesting(deepest) <= MAX_NESTING) return [];
  return [
    {
      at: deepest.node,
      severity: 'medium',
      title: 'Deep nesting',
      detail: `Control flow is nested ${nesting(deepest)} levels deep here, so what must hold at this point stands far above it.`,
      suggestion: 'Return early, or move the inner block into a function.',
    },
  ];
}

/** Levels of control flow at a node. `else if` continues a level; a callback starts from none. */
function nesting({ node, ancestors }: OwnNode): number {
  const path = [...ancestors, node];
  const from = path.findLastIndex(isFunction);
  return path.slice(from).filter((step, i, steps) => nests(step) && !isElseIf(step, steps[i - 1])).length;
}

const nests = (node: Node) => isLoop(node) || /^(If|Switch|Try)Statement$/.test(node.type);

const isElseIf = (node: Node, parent: Node | undefined) => parent?.type === 'IfStatement' && parent.alternate === node;

function tooLong({ fn, lineCount }: Inspected): Observation[] {
  if (lineCount <= MAX_LINES) return [];
  return [
    {
      at: fn,
      severity: lineCount > 2 * MAX_LINES ? 'medium' : 'low',
      title: 'Long function',
      detail: `It has ${lineCount} lines, more than ${MAX_LINES}: more than a screen shows.`,
      suggestion: 'Split it where a comment or a blank line already does.',
    },
  ];
}

function tooManyParameters({ fn }: Inspected): Observation[] {
  if (fn.params.length <= MAX_PARAMETERS) return [];
  return [
    {
      at: fn,
      severity: 'low',
      title: 'Long parameter list',
      detail: `It takes ${fn.params.length} parameters, more than ${MAX_PARAMETERS}: callers will mix them up.`,
      suggestion: 'Take one object with named fields.',
    },
  ];
}
