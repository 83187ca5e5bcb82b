import type { NodeDefinition } from '../../core/graph/definition';

/** What a plan calls, by name: its planner, and its tools; nothing of another node. */
export function plannedComponents(node: NodeDefinition | undefined): readonly string[] {
  if (node?.kind !== 'plan') return [];
  return [...new Set([node.call, ...node.tools].map(({ name }) => name))];
}
