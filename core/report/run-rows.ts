import type { CallRecord, NodeRecord, NodeStatus, RunRecord, SpillRecord } from '../run/record';
import { callWeight } from './call-weight';
import type { StoredRun } from './stored-run';
import { copyTime, count, dollars, duration } from './units';

/** A line of the picture of a run: a node, or one of several calls of the node above it. */
export interface RunRow {
  readonly kind: 'node' | 'task' | 'call' | 'folded';
  readonly name: string;
  readonly status: NodeStatus;
  /** Whether the node decided when the run ended. */
  readonly isCritical: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  /** What it did from then to then, without gaps; none if it never started. */
  readonly spans: readonly RowSpan[];
  /** What there is to say besides: tries, hedges, spills, tokens, cost. */
  readonly notes: readonly string[];
}

export interface RowSpan {
  /**
   * - `cold`: waited for a copy to become ready
   * - `wait`: waited in a queue, between tries, or for what it reads of another node
   * - `service`: was worked on
   * - `calls`: the calls are in the rows below
   */
  readonly kind: 'cold' | 'wait' | 'service' | 'calls';
  readonly fromMs: number;
  readonly toMs: number;
}

/** So many calls of a node have a row of their own: the longest and those that failed. The others share one. */
const MAX_CALL_ROWS = 6;

/**
 * The rows of the picture of a run, in the order of the graph.
 *
 * A record knows how long a call waited, not when: waits are put before the work.
 */
export function runRows({ record: { nodes, criticalPath }, callsLeftOut = {} }: Drawn): RunRow[] {
  const critical = new Set(criticalPath);
  return Object.entries(nodes).flatMap(([id, node]) => {
    const { calls } = node;
    const leftOut = callsLeftOut[id] ?? 0;
    const isMap = calls.length + leftOut > 1;
    const row: RunRow = {
      ...timesOf(node),
      kind: id.includes('/') ? 'task' : 'node',
      name: id,
      status: node.status,
      isCritical: critical.has(id),
      spans: isMap || calls.length === 0 ? nodeSpans(node, nodes) : callSpans(calls[0]!),
      notes: nodeNotes(node, leftOut),
    };
    return isMap ? [row, ...callRows(calls, leftOut, row.isCritical)] : [row];
  });
}

export type Drawn = Pick<StoredRun, 'record' | 'callsLeftOut'>;

function timesOf({ startMs, endMs }: NodeRecord | CallRecord): Pick<RunRow, 'fromMs' | 'toMs'> {
  return { fromMs: startMs, toMs: Math.max(startMs, endMs) };
}

function nodeSpans(node: NodeRecord, nodes: RunRecord['nodes']): RowSpan[] {
  const { fromMs, toMs } = timesOf(node);
  if (node.calls.length > 0) return positive([{ kind: 'calls', fromMs, toMs }]);
  // A function that reads works for an instant on each part, and waits for the next one in between.
  const writtenAtMs = (node.reads ?? []).reduce((latest, id) => Math.max(latest, nodes[id]?.endMs ?? 0), fromMs);
  const readAtMs = Math.min(writtenAtMs, toMs);
  return positive([
    { kind: 'wait', fromMs, toMs: readAtMs },
    { kind: 'service', fromMs: readAtMs, toMs },
  ]);
}

function callSpans({ startMs, endMs, waitMs, coldMs }: CallRecord): RowSpan[] {
  const warmAtMs = Math.min(endMs, startMs + coldMs);
  const servedAtMs = Math.min(endMs, startMs + Math.max(waitMs, coldMs));
  return positive([
    { kind: 'cold', fromMs: startMs, toMs: warmAtMs },
    { kind: 'wait', fromMs: warmAtMs, toMs: servedAtMs },
    { kind: 'service', fromMs: servedAtMs, toMs: endMs },
  ]);
}

function positive(spans: readonly RowSpan[]): RowSpan[] {
  return spans.filter(({ fromMs, toMs }) => toMs > fromMs);
}

function callRows(calls: readonly CallRecord[], leftOut: number, isCritical: boolean): RunRow[] {
  const own = new Set(calls.toSorted((a, b) => callWeight(b) - callWeight(a)).slice(0, MAX_CALL_ROWS));
  const rows = calls.flatMap((call, at): RunRow[] =>
    own.has(call)
      ? [
          {
            ...timesOf(call),
            kind: 'call',
            // Where some are left out, it is not known which item a call is of, unless its error tells.
            name: leftOut === 0 ? `[${at}]` : (/\[\d+\]$/.exec(call.error?.at ?? '')?.[0] ?? '[ ]'),
            status: call.error ? 'failed' : 'succeeded',
            isCritical,
            spans: callSpans(call),
            notes: [...(call.error ? [call.error.kind] : []), ...callNotes(call)],
          },
        ]
      : [],
  );
  const others = calls.filter((call) => !own.has(call));
  if (others.length + leftOut === 0) return rows;
  const fromMs = others.reduce((least, { startMs }) => Math.min(least, startMs), calls[0]?.startMs ?? 0);
  const toMs = others.reduce((most, { endMs }) => Math.max(most, endMs), fromMs);
  const spans: RowSpan[] = toMs > fromMs ? [{ kind: 'calls', fromMs, toMs }] : [];
  const name = `${others.length + leftOut} more`;
  return [...rows, { kind: 'folded', name, status: 'succeeded', isCritical: false, fromMs, toMs, spans, notes: [] }];
}

function nodeNotes({ status, calls, reads = [], error, lostTo }: NodeRecord, leftOut: number): string[] {
  const endings = endNotes(status, error?.kind, lostTo);
  const [only, ...more] = calls;
  if (only && more.length === 0 && leftOut === 0) return [...endings, ...callNotes(only)];
  const failed = calls.filter((call) => call.error).length;
  const costUsd = calls.reduce((sum, call) => sum + call.costUsd, 0);
  return [
    ...endings,
    ...(reads.length > 0 ? [`reads ${reads.join(', ')}`] : []),
    ...(calls.length + leftOut > 1 ? [count(calls.length + leftOut, 'call')] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(costUsd > 0 && leftOut === 0 ? [dollars(costUsd)] : []),
  ];
}

function endNotes(status: NodeStatus, errorKind: string | undefined, lostTo: string | undefined): string[] {
  if (status === 'succeeded') return [];
  if (lostTo !== undefined) return [`decided without it by ${lostTo}`];
  return [errorKind === undefined || errorKind === status ? status : `${status}: ${errorKind}`];
}

function callNotes({
  attempts,
  hedges = 0,
  coldMs,
  spills = [],
  alternative = 0,
  from,
  costUsd,
  copySeconds,
  usage,
}: CallRecord): string[] {
  return [
    ...(attempts > 1 ? [count(attempts, 'try', 'tries')] : []),
    ...(hedges > 0 ? [count(hedges, 'hedge')] : []),
    ...(coldMs > 0 ? [`cold ${duration(coldMs)}`] : []),
    ...(spills.length > 0 ? [`backend ${alternative} (${spills.map(whySpilled).join(', ')})`] : []),
    ...(from === 'cache' ? ['from the cache'] : []),
    ...(from === 'shared' ? ['shared a try'] : []),
    ...(usage ? [`${usage.inputTokens} → ${usage.outputTokens} tokens`] : []),
    ...(costUsd > 0 ? [dollars(costUsd)] : []),
    ...(copySeconds !== undefined ? [copyTime(copySeconds)] : []),
  ];
}

function whySpilled({ alternative, why }: SpillRecord): string {
  return `${alternative} ${why}`;
}
