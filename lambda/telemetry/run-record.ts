import { callWeight } from '../../core/report/call-weight';
import { RUN_RECORD_MESSAGE, RUN_RECORD_VERSION, type StoredRun } from '../../core/report/stored-run';
import type { CallRecord, ErrorRecord, NodeRecord, RunRecord } from '../../core/run/record';
import { METRICS_SERVICE } from '../../core/telemetry/metrics';
import type { RunReport } from './report';
import { hasFailed } from './run-shape';
import { shownNames } from './shown-names';

/** Of all nodes of a run together; a wide map keeps its longest calls and those that failed. */
const MAX_CALLS = 1_000;

/**
 * CloudWatch takes events of 1 MB (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html), but what
 * collects the output of a function may cut lines at the 256 KB that were its limit before.
 */
const MAX_LETTERS = 200_000;

/** The log line that holds what is kept of a run, never what was said; undefined if runs like this one are not to leave any. */
export function runRecordLine(report: RunReport, now: Date): string | undefined {
  const { runId, runRecords = 'all', record, priceSources } = report;
  if (runRecords === 'none' || (runRecords === 'failed' && !hasFailed(record))) return undefined;
  const safe = safeRecord(record);
  const timestamp = now.toISOString();
  const lineWith = (maxCalls: number) =>
    lineOf({
      version: RUN_RECORD_VERSION,
      runId,
      timestamp,
      ...(priceSources && { priceSources }),
      ...trimmed(safe, maxCalls),
    });
  let maxCalls = MAX_CALLS;
  let line = lineWith(maxCalls);
  while (maxCalls > 0 && line.length > MAX_LETTERS) {
    maxCalls = Math.floor(maxCalls / 2);
    line = lineWith(maxCalls);
  }
  return line;
}

function lineOf({ timestamp, ...stored }: StoredRun): string {
  const agent = stored.record.graph;
  const fields = { level: 'INFO', message: RUN_RECORD_MESSAGE, service: METRICS_SERVICE, timestamp, agent };
  return JSON.stringify({ ...fields, ...stored });
}

function safeRecord(record: RunRecord): RunRecord {
  const shown = shownNames(record);
  const safeError = (error: ErrorRecord): ErrorRecord => {
    const { at, kind, message, service, thrown } = error;
    const place = { at: shown(at), kind };
    if (thrown !== undefined) return { ...place, message: `threw ${thrown}`, thrown };
    return { ...place, message, ...(service && { service: { ...service, message: '' } }) };
  };
  const safeCall = (call: CallRecord): CallRecord => ({
    ...call,
    startMs: rounded(call.startMs),
    endMs: rounded(call.endMs),
    waitMs: rounded(call.waitMs),
    coldMs: rounded(call.coldMs),
    ...copySecondsOf(call),
    ...(call.error && { error: safeError(call.error) }),
  });
  const safeNode = (node: NodeRecord): NodeRecord => ({
    ...node,
    startMs: rounded(node.startMs),
    endMs: rounded(node.endMs),
    calls: node.calls.map(safeCall),
    ...(node.error && { error: safeError(node.error) }),
    ...(node.lostTo !== undefined && { lostTo: shown(node.lostTo) }),
  });
  return {
    ...record,
    wallMs: rounded(record.wallMs),
    criticalPathMs: rounded(record.criticalPathMs),
    overheadMs: rounded(record.overheadMs),
    ...copySecondsOf(record),
    criticalPath: record.criticalPath.map(shown),
    nodes: Object.fromEntries(Object.entries(record.nodes).map(([id, node]) => [shown(id), safeNode(node)])),
  };
}

function copySecondsOf({ copySeconds }: CallRecord | RunRecord): Pick<CallRecord, 'copySeconds'> {
  return copySeconds === undefined ? {} : { copySeconds: rounded(copySeconds * 1_000) / 1_000 };
}

/** To a microsecond: more is noise, and takes room. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function trimmed(record: RunRecord, maxCalls: number): Pick<StoredRun, 'record' | 'callsLeftOut'> {
  const calls = Object.values(record.nodes).flatMap((node) => node.calls);
  if (calls.length <= maxCalls) return { record };
  const kept = new Set(calls.toSorted((a, b) => callWeight(b) - callWeight(a)).slice(0, maxCalls));
  const callsLeftOut: Record<string, number> = {};
  const nodes = Object.entries(record.nodes).map(([id, node]) => {
    const left = node.calls.filter((call) => kept.has(call));
    if (left.length < node.calls.length) callsLeftOut[id] = node.calls.length - left.length;
    return [id, { ...node, calls: left }];
  });
  return { record: { ...record, nodes: Object.fromEntries(nodes) }, callsLeftOut };
}
