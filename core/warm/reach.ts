import type { WarmGraph } from './graph';

/** How likely each node runs, given what became of its guard; by position, 1 where no predicate decides. */
export interface BranchChances {
  readonly afterTaken: readonly number[];
  readonly afterSkipped: readonly number[];
}

/** Whether each node ran, by position; undefined while that is open. A node is decided after everything it needs. */
export type Outcomes = readonly (boolean | undefined)[];

/** The probability that each node runs. */
export function reachProbabilities(graph: WarmGraph, chances: BranchChances, outcomes: Outcomes): number[] {
  const reach: number[] = [];
  graph.nodes.forEach(({ guard }, at) => {
    const outcome = outcomes[at];
    if (outcome !== undefined) {
      reach[at] = outcome ? 1 : 0;
    } else {
      const guardRan = guard === undefined ? 1 : reach[guard]!;
      reach[at] = guardRan * chances.afterTaken[at]! + (1 - guardRan) * chances.afterSkipped[at]!;
    }
  });
  return reach;
}

/**
 * The probability that at least one of several nodes runs.
 *
 * Not 1 less the product over the nodes: nodes behind the same branch run together. Each node passes on to its guard
 * how likely it is that no wanted node runs from there on down, so one pass from the leaves up is exact.
 */
export function reachOfAny(
  graph: WarmGraph,
  chances: BranchChances,
  outcomes: Outcomes,
  wanted: readonly number[],
): number {
  const isWanted = new Set(wanted);
  const noneIfRan = new Float64Array(graph.nodes.length).fill(1);
  const noneIfSkipped = new Float64Array(graph.nodes.length).fill(1);
  let none = 1;
  for (let at = Math.max(-1, ...wanted); at >= 0; at--) {
    const { guard, conditional } = graph.nodes[at]!;
    if (!conditional && !isWanted.has(at)) continue;
    const outcome = outcomes[at];
    const afterTaken = outcome === undefined ? chances.afterTaken[at]! : Number(outcome);
    const afterSkipped = outcome === undefined ? chances.afterSkipped[at]! : Number(outcome);
    const ifRan = isWanted.has(at) ? 0 : noneIfRan[at]!;
    const ifSkipped = noneIfSkipped[at]!;
    const noneAfterTaken = afterTaken * ifRan + (1 - afterTaken) * ifSkipped;
    if (guard === undefined) {
      none *= noneAfterTaken;
    } else {
      noneIfRan[guard]! *= noneAfterTaken;
      noneIfSkipped[guard]! *= afterSkipped * ifRan + (1 - afterSkipped) * ifSkipped;
    }
  }
  return 1 - none;
}
