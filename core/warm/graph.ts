import type { GraphDefinition } from '../graph/definition';
import { fewestNeeds } from '../graph/join';

/** What warming needs to know of an agent: plain data, so that a function which does not hold its code can decide too. */
export interface WarmGraph {
  readonly name: string;
  /** In topological order; nodes name each other by position. */
  readonly nodes: readonly WarmNode[];
}

export interface WarmNode {
  readonly id: string;
  readonly needs: readonly number[];
  /** How few of the needs may have to end for the node to start, as a join says. @default - all of them */
  readonly fewestNeeds?: number;
  /** Name of the component that the node calls. */
  readonly component?: string;
  /** Whether a predicate decides if the node runs. A node without one runs even if all that it needs was skipped. */
  readonly conditional: boolean;
  /**
   * The nearest conditional node upstream, whose outcome tells most about this one's predicate: that of a node behind a
   * skipped branch usually says no. Only one, so that the branches of a graph form a forest, on which probabilities are
   * exact in one pass.
   */
  readonly guard?: number;
}

export function warmGraphOf({ name, nodes }: Pick<GraphDefinition, 'name' | 'nodes'>): WarmGraph {
  const position = new Map(nodes.map(({ id }, at) => [id, at]));
  const needs = nodes.map((node) => node.needs.map((id) => position.get(id)!));
  const nearest: (number | undefined)[] = [];
  return {
    name,
    nodes: nodes.map((node, at) => {
      const guard = last(needs[at]!.flatMap((need) => nearest[need] ?? []));
      nearest[at] = node.when ? at : guard;
      return {
        id: node.id,
        needs: needs[at]!,
        ...(node.join && { fewestNeeds: fewestNeeds(node.join) }),
        conditional: node.when !== undefined,
        ...(node.kind !== 'compute' && { component: node.call.name }),
        ...(node.when && guard !== undefined && { guard }),
      };
    }),
  };
}

function last(positions: readonly number[]): number | undefined {
  return positions.length === 0 ? undefined : Math.max(...positions);
}
