import type { Graph } from '../graph/graph';

/** What `GET /agents` answers. `runs` is relative to that: what is before it depends on the deployment. */
export interface AgentList {
  readonly agents: readonly { readonly name: string; readonly description?: string; readonly runs: string }[];
}

export function listAgents(graphs: readonly Graph[]): AgentList {
  return {
    agents: graphs.map(({ name, definition: { description } }) => ({
      name,
      ...(description !== undefined && { description }),
      runs: `agents/${name}/runs`,
    })),
  };
}
