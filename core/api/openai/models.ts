import type { Graph } from '../../graph/graph';

/** What `GET /v1/models` answers. */
export function listModels(agents: readonly Graph[]): object {
  return { object: 'list', data: agents.map(describeModel) };
}

/** What `GET /v1/models/{model}` answers. When an agent was made is known to nobody. */
export function describeModel({ name }: Graph): object {
  return { id: name, object: 'model', created: 0, owned_by: 'agents' };
}
