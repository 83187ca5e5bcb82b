import type { Component } from '../../../core/graph/component';
import type { GraphDefinition, NodeDefinition } from '../../../core/graph/definition';
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
  return nodes.map((node) => {
    const called = measuredCall(node);
    return {
      id: node.id,
      ...(called && { component: nameOf(called.name) }),
      needs: node.needs.map((id) => ({ node: id, probability: 1 })),
      join: 'all',
      width: 1,
      repeat: 0,
    };
  });
}

/** The component whose calls the metrics of a node tell. Those of a plan tell of its planner and of all its tools together. */
export function measuredCall(node: NodeDefinition): Component | undefined {
  return node.kind === 'call' || node.kind === 'map' ? node.call : undefined;
}
