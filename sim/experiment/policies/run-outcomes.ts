import type { NodeOutcome, WarmGraph } from '../../../core/warm';
import type { AgentRun } from '../../agent/agent-run';
import { itemsOf } from '../../agent/node-needs';
import type { PolicyContext } from '../policy';

/** What became of the nodes of a run that succeeded. */
export function outcomesOf(
  { request, times }: AgentRun,
  graph: WarmGraph,
  { plan, requests, seed }: PolicyContext,
): Record<string, NodeOutcome> {
  const tokens = { promptTokens: requests.promptTokens[request]!, outputTokens: requests.outputTokens[request]! };
  return Object.fromEntries(
    graph.nodes.map(({ id }, at) => {
      const { startUs, endUs, coldUs, isSkipped } = times[at]!;
      const node = plan.nodes[at]!;
      const status = isSkipped ? 'skipped' : 'succeeded';
      const width = node.items && Math.min(itemsOf(seed, request, node, tokens), node.concurrency);
      return [id, { status, durationMs: (endUs - startUs - coldUs) / 1000, ...(width !== undefined && { width }) }];
    }),
  );
}
