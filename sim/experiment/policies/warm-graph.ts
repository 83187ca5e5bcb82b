import type { WarmGraph } from '../../../core/warm';
import type { AgentPlan } from '../../agent/agent-plan';

/**
 * The graph as the warmer gets to know it. Which branches a request takes is drawn independently, so no node guards
 * another.
 */
export function warmGraphOf(name: string, plan: AgentPlan, components: readonly string[]): WarmGraph {
  const needs: number[][] = plan.nodes.map(() => []);
  plan.dependents.forEach((dependents, at) => {
    for (const dependent of dependents) needs[dependent]!.push(at);
  });
  return {
    name,
    nodes: plan.nodes.map(({ id, component, probability }, at) => ({
      id,
      needs: needs[at]!,
      conditional: probability !== 1,
      ...(component >= 0 && { component: components[component]! }),
    })),
  };
}
