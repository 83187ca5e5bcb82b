import { checkShape, type ShapeNode } from './graph-shape';

/** A way from a node that needs nothing to one that nothing needs. */
export interface GraphPath {
  readonly nodes: readonly string[];
  readonly probability: number;
}

/**
 * The most probable paths, the most probable first; among equals the one with more nodes first, since it is likely the
 * longer one.
 *
 * @param limit paths kept, so that a graph with exponentially many stays tractable
 */
export function mostProbablePaths(nodes: readonly ShapeNode[], limit: number): readonly GraphPath[] {
  checkShape(nodes);
  const needed = new Set(nodes.flatMap(({ needs }) => needs.map(({ node }) => node)));
  const endingAt = new Map<string, readonly GraphPath[]>();
  for (const { id, needs } of nodes) {
    const longer = needs.flatMap(({ node, probability }) =>
      endingAt.get(node)!.map((path) => ({ nodes: [...path.nodes, id], probability: path.probability * probability })),
    );
    const paths = needs.length === 0 ? [{ nodes: [id], probability: 1 }] : longer;
    endingAt.set(id, best(paths, limit));
  }
  return best(
    nodes.filter(({ id }) => !needed.has(id)).flatMap(({ id }) => endingAt.get(id)!),
    limit,
  );
}

function best(paths: readonly GraphPath[], limit: number): readonly GraphPath[] {
  return paths
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability || b.nodes.length - a.nodes.length)
    .slice(0, limit);
}
