import type { NodeOutcome, NodeProgress, OpenRequest, WarmGraph } from '../../../core/warm';
import type { AgentRun } from '../../agent/agent-run';

/** How far a run has got. */
export function openRequestOf({ request, times }: AgentRun, graph: WarmGraph): OpenRequest {
  const nodes: Record<string, NodeProgress> = {};
  graph.nodes.forEach(({ id }, at) => {
    const { startUs, endUs, isSkipped } = times[at]!;
    if (Number.isNaN(startUs)) return;
    if (Number.isNaN(endUs)) nodes[id] = { status: 'running', sinceMs: startUs / 1000 };
    else nodes[id] = { status: isSkipped ? 'skipped' : 'ended' };
  });
  return { id: String(request), graph: graph.name, nodes };
}

/** What became of the nodes of a run that succeeded. */
export function outcomesOf({ times }: AgentRun, graph: WarmGraph): Record<string, NodeOutcome> {
  return Object.fromEntries(
    graph.nodes.map(({ id }, at) => {
      const { startUs, endUs, coldUs, isSkipped } = times[at]!;
      const status = isSkipped ? 'skipped' : 'succeeded';
      return [id, { status, durationMs: (endUs - startUs - coldUs) / 1000 }];
    }),
  );
}
