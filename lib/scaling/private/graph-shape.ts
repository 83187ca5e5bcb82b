import type { GraphDefinition } from '../../../core/graph/definition';
import type { ShapeNode } from '../../../core/scale/split/graph-shape';

/**
 * A graph as the split of an objective sees it, before anything is measured. Branches count as if all of them ran, and a map as one
 * call: times are measured by node, which includes its width.
 *
 * @param nameOf the name by which the tuner knows what a node calls
 */
export function shapeOf(
  { nodes }: Pick<GraphDefinition, 'nodes'>,
  nameOf: (component: string) => string,
): readonly ShapeNode[] {
  return nodes.map((node) => ({
    id: node.id,
    ...(node.kind !== 'compute' && { component: nameOf(node.call.name) }),
    needs: node.needs.map((id) => ({ node: id, probability: 1 })),
    join: 'all',
    width: 1,
    repeat: 0,
  }));
}
