import type { NodeState } from './execution';
import type { Plan } from './plan';

/** Whether the output or another node still needs a node. @param isDecided of a node with a join, whether that is decided */
export function isWanted(
  { nodes, dependents, result }: Plan,
  states: readonly NodeState[],
  at: number,
  isDecided: (join: number) => boolean,
): boolean {
  const { id } = nodes[at]!;
  const waits = (dependent: number) =>
    (states[dependent]!.status === 'waiting' && !isDecided(dependent)) ||
    (states[dependent]!.status === 'running' && nodes[dependent]!.reads?.includes(id));
  return result.includes(at) || dependents[at]!.some(waits);
}
