import type { Component } from '../../core/graph/component';
import type { Graph } from '../../core/graph/graph';

/** The agents of one function. They share its bindings and limits, which go by name. @throws Error if a name is taken twice. */
export function agentsByName(agents: readonly Graph[]): ReadonlyMap<string, Graph> {
  const byName = new Map<string, Graph>();
  const users = new Map<string, { readonly agent: string; readonly component: Component }>();
  for (const agent of agents) {
    if (byName.has(agent.name)) {
      throw new Error(`two agents are named "${agent.name}": give one of them another name`);
    }
    byName.set(agent.name, agent);
    for (const component of agent.components()) {
      const user = users.get(component.name) ?? { agent: agent.name, component };
      if (user.component !== component) {
        const two = `the agents "${user.agent}" and "${agent.name}" call two different components`;
        throw new Error(`${two} named "${component.name}": share one, or rename one of them`);
      }
      users.set(component.name, user);
    }
  }
  return byName;
}
