import type { Graph } from '../../../core/graph/graph';
import type { RunRecord } from '../../../core/run/record';

/** A component that was cold while a run went on. */
export interface FoundCold {
  /** When that was found out, since the run began: calls that had ended by then were spared nothing. */
  readonly atMs: number;
  readonly coldStartMs: number;
}

/**
 * How much longer a run would have waited for copies if each cold start had only begun when its call came, counted along
 * the path that decided when it ended. An estimate: what a start takes is what the board expects. A call with several
 * backends would have gone on to the next.
 *
 * @param cold by component name
 */
export function savedMs(agent: Graph, record: RunRecord, cold: ReadonlyMap<string, FoundCold>): number {
  const left = new Map(cold);
  let saved = 0;
  for (const id of record.criticalPath) {
    const node = agent.definition.nodes.find((each) => each.id === id);
    const calls = record.nodes[id]?.calls ?? [];
    if (!node || node.kind === 'compute' || calls.length === 0 || calls.every(({ error }) => error)) continue;
    if (calls.some(({ alternative }) => alternative !== undefined)) continue;
    const found = left.get(node.call.name);
    if (!found || calls.every(({ endMs }) => endMs <= found.atMs)) continue;
    left.delete(node.call.name);
    saved += Math.max(0, found.coldStartMs - calls.reduce((most, { coldMs }) => Math.max(most, coldMs), 0));
  }
  return saved;
}
