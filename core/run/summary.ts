import type { NodeState } from './execution';
import type { Plan } from './plan';
import { type CallRecord, type NodeRecord, type RunRecord, type RunStatus, sumCalls, toErrorRecord } from './record';

export interface Summarized {
  readonly graph: string;
  readonly status: RunStatus;
  readonly plan: Plan;
  readonly states: readonly NodeState[];
  /** Clock times of the run. */
  readonly start: number;
  readonly end: number;
}

/** Puts what happened in a run on record. */
export function summarize({ graph, status, plan, states, start, end }: Summarized): RunRecord {
  const calls: CallRecord[] = [];
  const nodes: Record<string, NodeRecord> = {};
  states.forEach((state, i) => {
    const record = recordNode(state, start);
    nodes[plan.nodes[i]!.id] = record;
    calls.push(...record.calls);
  });

  const path = criticalPath(plan, states);
  const criticalPathMs = path.reduce((sum, i) => sum + states[i]!.end - states[i]!.start, 0);
  const wallMs = end - start;
  const { costUsd, usage } = sumCalls(calls);
  return {
    graph,
    status,
    wallMs,
    nodes,
    criticalPath: path.map((i) => plan.nodes[i]!.id),
    criticalPathMs,
    overheadMs: wallMs - criticalPathMs,
    costUsd,
    usage,
  };
}

function recordNode({ status, start, end, scope, error, failedAt }: NodeState, runStart: number): NodeRecord {
  return {
    // A run is summarized after its end, when nothing waits or runs.
    status: status as NodeRecord['status'],
    startMs: start - runStart,
    endMs: end - runStart,
    calls: scope?.calls.map((call) => call.record()) ?? [],
    ...(error && { error: toErrorRecord(failedAt!, error) }),
  };
}

/** Back from the node that ended last among those the output needs, each time to the node that made it ready. */
function criticalPath({ result }: Plan, states: readonly NodeState[]): number[] {
  const path: number[] = [];
  let last = result.reduce((latest, i) => (latest < 0 || states[i]!.end >= states[latest]!.end ? i : latest), -1);
  for (; last >= 0; last = states[last]!.readyBy) path.push(last);
  return path.reverse();
}
