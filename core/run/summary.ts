import type { NodeDefinition } from '../graph/definition';
import { criticalSpans } from './critical-spans';
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
    const record = asOfNow(recordNode(state, nodes[at]!, nodes));
    records[nodes[at]!.id] = record;
    for (const call of record.calls) calls.push(call);
    for (const [task, planned] of Object.entries(state.planned?.records() ?? {})) {
      const taskRecord = asOfNow(planned);
      records[`${nodes[at]!.id}/${task}`] = taskRecord;
      calls.push(...taskRecord.calls);
    }
  });

  const path = criticalPath(states);
  const spans = criticalSpans(
    path.map((at) => nodes[at]!.id),
    records,
  );
  let criticalPathMs = 0;
  for (const { fromMs, toMs } of spans.values()) criticalPathMs += toMs - fromMs;
  const { costUsd, copySeconds, usage } = sumCalls(calls);
  return {
    graph,
    status,
    wallMs,
    nodes: records,
    criticalPath: path.flatMap((at) => {
      const { id } = nodes[at]!;
      return [id, ...(states[at]!.planned?.path() ?? []).map((task) => `${id}/${task}`)];
    }),
    criticalPathMs,
    overheadMs: wallMs - criticalPathMs,
    costUsd,
    ...(copySeconds > 0 && { copySeconds }),
    usage,
  };
}

function recordNode(
  { status, startMs, endMs, calls, error, lostTo }: NodeState,
  node: NodeDefinition,
  nodes: Plan['nodes'],
): NodeRecord {
  const record = {
    // Nothing waits or runs after the end.
    status: status as NodeRecord['status'],
    startMs,
    endMs,
    calls: calls?.map((call) => call.record()) ?? [],
    ...(node.reads && { reads: node.reads }),
    ...(node.kind === 'plan' && { component: node.call.name }),
  };
  if (error) return { ...record, error: toErrorRecord(error) };
  return lostTo < 0 ? record : { ...record, lostTo: nodes[lostTo]!.id };
}

/** A backend that was told to stop may still bring a bill, which is no part of a record that somebody has read. */
function asOfNow(node: NodeRecord): NodeRecord {
  return node.calls.length === 0 ? node : { ...node, calls: node.calls.map((call) => ({ ...call })) };
}

/** Back from the node that ended last, each time to the node that made it ready. */
function criticalPath(states: readonly NodeState[]): number[] {
  const path: number[] = [];
  let last = -1;
  states.forEach((state, at) => {
    if (hasStarted(state) && state.lostTo < 0 && (last < 0 || state.endMs >= states[last]!.endMs)) last = at;
  });
  for (; last >= 0; last = states[last]!.readyBy) path.push(last);
  return path.reverse();
}

/** Nodes that a failure stopped, or that the end of the run or of a join caught waiting, took no time. */
function hasStarted({ status, scope }: NodeState): boolean {
  return status !== 'stopped' && ((status !== 'cancelled' && status !== 'lost') || scope !== undefined);
}
