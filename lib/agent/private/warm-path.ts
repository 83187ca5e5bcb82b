import type { Graph } from '../../../core/graph/graph';

/** A path of nodes and what it takes. */
export interface WarmPath {
  readonly nodes: readonly string[];
  readonly durationMs: number;
}

/**
 * The path of a graph that takes longest with every component warm: no scaling makes a run faster. Maps count as one call,
 * and nodes that may be skipped do not count.
 *
 * @param warmMs what a warm call takes, by component; components left out count as instant
 */
export function longestWarmPath({ definition }: Graph, warmMs: Readonly<Record<string, number>>): WarmPath {
  const paths = new Map<string, WarmPath>();
  for (const node of definition.nodes) {
    const before = longest(node.needs, paths);
    const isCertain = node.when === undefined;
    const ownMs = node.kind === 'compute' || !isCertain ? 0 : (warmMs[node.call.name] ?? 0);
    paths.set(node.id, { nodes: [...before.nodes, node.id], durationMs: before.durationMs + ownMs });
  }
  return longest(definition.result.needs, paths);
}

function longest(needs: readonly string[], paths: ReadonlyMap<string, WarmPath>): WarmPath {
  return needs
    .map((need) => paths.get(need)!)
    .reduce((worst, path) => (path.durationMs > worst.durationMs ? path : worst), { nodes: [], durationMs: 0 });
}
