import type { GraphDefinition, NodeDefinition } from '../../../core/graph/definition';
import type { ShapeNode } from '../../../core/scale/split/graph-shape';
import { plannedComponents } from '../../private/planned-components';

const ONCE = { join: 'all', width: 1, repeat: 0 } as const;

/**
 * A graph as the split of an objective sees it, before anything is measured. Branches count as if all of them ran, and a map as one
 * call: times are measured by node, which includes its width. What a plan calls follows it as parts, one after another, since they
 * share its time; what needs the plan needs the last of them.
 *
 * @param nameOf the name by which the tuner knows what a node calls
 */
export function shapeOf(
  { nodes }: Pick<GraphDefinition, 'nodes'>,
  nameOf: (component: string) => string,
): readonly ShapeNode[] {
  const ends = new Map<string, string>();
  return nodes.flatMap((node): ShapeNode[] => {
    const needs = node.needs.map((id) => ({ node: ends.get(id)!, probability: 1 }));
    const calls = node.kind === 'call' || node.kind === 'map' ? { component: nameOf(node.call.name) } : {};
    const own = { id: node.id, ...calls, needs, ...ONCE };
    const parts = partsOf(node, nameOf);
    ends.set(node.id, parts.at(-1)?.id ?? node.id);
    return [own, ...parts];
  });
}

function partsOf(node: NodeDefinition, nameOf: (component: string) => string): readonly ShapeNode[] {
  const plan = node.id;
  const called = plannedComponents(node);
  const idOf = (name: string) => `${plan}:${name}`;
  return called.map((calls, i) => {
    const before = i === 0 ? plan : idOf(called[i - 1]!);
    const needs = [{ node: before, probability: 1 }];
    return { id: idOf(calls), component: nameOf(calls), needs, ...ONCE, part: { plan, calls } };
  });
}
