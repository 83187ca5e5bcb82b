import type { NodeState } from './execution';
import type { Plan } from './plan';
import { type CallRecord, type NodeRecord, type RunRecord, type RunStatus, sumCalls, toErrorRecord } from './record';

/** Puts what happened in a run on record, after its end. */
export function summarize(
  graph: string,
  status: RunStatus,
  { nodes }: Plan,
  states: readonly NodeState[],
  wallMs: number,
): RunRecord {
  const records: Record<string, NodeRecord> = {};
  const calls: CallRecord[] = [];
  states.forEach((state, at) => {
    const record = recordNode(state);
    records[nodes[at]!.id] = record;
    for (const call of record.calls) calls.push(call);
  });

  const path = criticalPath(states);
  const criticalPathMs = path.reduce((sum, at) => sum + states[at]!.endMs - states[at]!.startMs, 0);
  const { costUsd, usage } = sumCalls(calls);
  return {
    graph,
    status,
    wallMs,
    nodes: records,
    criticalPath: path.map((at) => nodes[at]!.id),
    criticalPathMs,
    overheadMs: wallMs - criticalPathMs,
    costUsd,
    usage,
  };
}

function recordNode({ status, startMs, endMs, calls, error }: NodeState): NodeRecord {
  const record = {
    // Nothing waits or runs after the end.
    status: status as NodeRecord['status'],
    startMs,
    endMs,
    calls: calls?.map((call) => call.record()) ?? [],
  };
  return error ? { ...record, error: toErrorRecord(error) } : record;
}

/** Back from the node that ended last, each time to the node that made it ready. */
function criticalPath(states: readonly NodeState[]): number[] {
  const path: number[] = [];
  let last = -1;
  states.forEach((state, at) => {
    if (hasStarted(state) && (last < 0 || state.endMs >= states[last]!.endMs)) last = at;
  });
  for (; last >= 0; last = states[last]!.readyBy) path.push(last);
  return path.reverse();
}

/** Nodes that a failure stopped or the end of the run caught waiting took no time. */
function hasStarted({ status, scope }: NodeState): boolean {
  return status !== 'stopped' && (status !== 'cancelled' || scope !== undefined);
}
