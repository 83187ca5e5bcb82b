import type { Graph } from '../graph/graph';

/** What `GET /agents` answers. */
export interface AgentList {
  readonly agents: readonly { readonly name: string; readonly description?: string; readonly runs: string }[];
}

export function listAgents(graphs: readonly Graph[]): AgentList {
  return {
    agents: graphs.map(({ name, definition: { description } }) => ({
      name,
      ...(description !== undefined && { description }),
      runs: `/agents/${name}/runs`,
    })),
  };
}
