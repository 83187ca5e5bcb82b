import type { Graph } from '../../../core/graph/graph';
import type { RunRecord } from '../../../core/run/record';

/**
 * How much longer a run would have waited for copies if each cold start had only begun when its call came, counted along
 * the path that decided when it ended. An estimate: what a start takes is what the board expects. A call with several
 * backends would have gone on to the next.
 *
 * @param coldStartsMs of the components that were cold when the run began, by component name
 */
export function savedMs(agent: Graph, record: RunRecord, coldStartsMs: ReadonlyMap<string, number>): number {
  const left = new Map(coldStartsMs);
  let saved = 0;
  for (const id of record.criticalPath) {
    const node = agent.definition.nodes.find((each) => each.id === id);
    const calls = record.nodes[id]?.calls ?? [];
    if (!node || node.kind === 'compute' || calls.length === 0 || calls.every(({ error }) => error)) continue;
    if (calls.some(({ alternative }) => alternative !== undefined)) continue;
    const coldStartMs = left.get(node.call.name) ?? 0;
    left.delete(node.call.name);
    saved += Math.max(0, coldStartMs - calls.reduce((most, { coldMs }) => Math.max(most, coldMs), 0));
  }
  return saved;
}
