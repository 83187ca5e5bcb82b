import fc from 'fast-check';
import type { BranchChances, WarmGraph, WarmNode } from '../../../../core/warm';

/** A graph in which each node needs the one before it and calls a component of its own, m0, m1 and so on. */
export function chainOf(length: number, name = 'chain'): WarmGraph {
  return {
    name,
    nodes: Array.from({ length }, (_, at) => ({
      id: `n${at}`,
      needs: at === 0 ? [] : [at - 1],
      component: `m${at}`,
      conditional: false,
    })),
  };
}

interface NodeShape {
  readonly needs: readonly number[];
  readonly component: number;
  readonly conditional: boolean;
  readonly chances: readonly [number, number];
}

export interface BranchyGraph {
  readonly graph: WarmGraph;
  readonly chances: BranchChances;
}

/** Whole percents: most floating-point numbers are next to 0. */
export const chance = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

/** Small graphs with branches, nested ones included, and components that several nodes call. */
export const branchyGraph: fc.Arbitrary<BranchyGraph> = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(6), { maxLength: 3 }),
      component: fc.nat(3),
      conditional: fc.boolean(),
      chances: fc.tuple(chance, chance),
    }),
    { minLength: 1, maxLength: 7, size: 'max' },
  )
  .map(graphOf);

function graphOf(shapes: readonly NodeShape[]): BranchyGraph {
  const nodes: WarmNode[] = [];
  shapes.forEach(({ needs, component, conditional }, at) => {
    const earlier = at === 0 ? [] : [...new Set(needs.map((need) => need % at))];
    const guard = Math.max(-1, ...earlier.map((need) => nearestBranch(nodes, need)));
    nodes.push({
      id: `n${at}`,
      needs: earlier,
      component: `m${component}`,
      conditional,
      ...(conditional && guard >= 0 && { guard }),
    });
  });
  return {
    graph: { name: 'branchy', nodes },
    chances: {
      afterTaken: shapes.map(({ conditional, chances }) => (conditional ? chances[0] : 1)),
      afterSkipped: shapes.map(({ conditional, chances }) => (conditional ? chances[1] : 1)),
    },
  };
}

function nearestBranch(nodes: readonly WarmNode[], at: number): number {
  if (nodes[at]!.conditional) return at;
  return Math.max(-1, ...nodes[at]!.needs.map((need) => nearestBranch(nodes, need)));
}
