import { Metrics } from '@aws-lambda-powertools/metrics';
import type { RunErrorKind } from '../../core/run/errors';
import { type CallRecord, type NodeRecord, type RunRecord, sumCalls } from '../../core/run/record';
import {
  ADMISSION_METRICS,
  type AdmissionMetric,
  METRICS_NAMESPACE,
  METRICS_SERVICE,
  NODE_METRICS,
  type NodeMetric,
  RUN_METRICS,
  type RunMetric,
  WARMING_METRICS,
  type WarmingMetric,
} from '../../core/telemetry/metrics';
import type { WarmingReport } from './report';
import {
  cascadeDepth,
  criticalPathShares,
  fanOutOverheadMs,
  graphNodes,
  hasEnded,
  hasFailed,
  plannedCalls,
  policyCounts,
} from './run-shape';

/** Writes the metrics of a run in the embedded metric format: of the agent, of each node that started, and of what its plans called. */
export function publishMetrics(record: RunRecord, failure?: RunErrorKind, firstTextMs?: number): void {
  publishRun(record, firstTextMs);
  if (failure !== undefined && failure !== 'cancelled')
    publish({ agent: record.graph, kind: failure }, (add) => add('RunErrors', 1));
  const shares = record.status === 'cancelled' ? undefined : criticalPathShares(record);
  for (const [id, node] of graphNodes(record)) {
    publishNode(record.graph, id, node, shares && (shares.get(id) ?? 0));
  }
  for (const { plan, component, calls } of plannedCalls(record)) {
    publish({ agent: record.graph, node: plan, component }, (add) => {
      for (const call of calls) addCall(add, call);
    });
  }
}

/** What warming did for a run. */
export function publishWarming(agent: string, { requests, failures, savedMs }: WarmingReport): void {
  publish({ agent }, (add) => {
    add('WarmUpRequests', requests);
    add('WarmingFailures', failures);
    add('WarmingSavedTime', savedMs);
  });
}

/** Counts a request that was refused because of the limits of its tenant, or let in without a look at them. */
export function publishAdmission(agent: string, metric: AdmissionMetric): void {
  publish({ agent }, (add) => add(metric, 1));
}

/** Counts a run that could not begin, or that ended outside of its graph: such a run has no record. */
export function publishFault(agent: string, kind: RunErrorKind): void {
  publish({ agent }, (add) => add('RunErrors', 1));
  publish({ agent, kind }, (add) => add('RunErrors', 1));
}

function publishRun(record: RunRecord, firstTextMs: number | undefined): void {
  publish({ agent: record.graph }, (add) => {
    const isCancelled = record.status === 'cancelled';
    if (!isCancelled) {
      add('RunLatency', record.wallMs);
      add('RunOverhead', Math.max(0, record.overheadMs));
      add('CascadeDepth', cascadeDepth(record));
    }
    add('RunCost', record.costUsd);
    if (record.copySeconds !== undefined) add('RunCopyTime', record.copySeconds);
    if (isCancelled) add('CancelledRuns', 1);
    else add('RunErrors', hasFailed(record) ? 1 : 0);
    if (firstTextMs !== undefined) add('TimeToFirstText', firstTextMs);
  });
}

/** Of a node that did not come to its end only what it has cost is told. */
function publishNode(agent: string, id: string, node: NodeRecord, criticalPathShare: number | undefined): void {
  const { calls } = node;
  const isEnded = hasEnded(node);
  const spent = spendingOf(calls);
  if (!isEnded && spent.length === 0) return;
  publish({ agent, node: id }, (add) => {
    if (isEnded) addNode(add, node, criticalPathShare);
    for (const [metric, value] of spent) add(metric, value);
    if (isEnded) for (const call of calls) addCall(add, call);
  });
}

/** What calls have cost together; what is 0 is left out. */
function spendingOf(calls: readonly CallRecord[]): (readonly [NodeMetric, number])[] {
  const { costUsd, usage } = sumCalls(calls);
  const all = [
    ['NodeCost', costUsd],
    ['NodeInputTokens', usage.inputTokens],
    ['NodeOutputTokens', usage.outputTokens],
  ] as const;
  return all.filter(([, value]) => value > 0);
}

function addNode(add: Add, node: NodeRecord, criticalPathShare: number | undefined): void {
  const { startMs, endMs, status, calls } = node;
  add('NodeLatency', endMs - startMs);
  add('NodeErrors', status === 'failed' ? 1 : 0);
  if (criticalPathShare !== undefined) add('CriticalPathShare', criticalPathShare);
  if (calls.length > 1) add('FanOutOverhead', fanOutOverheadMs(node));
  if (calls.length > 0) add('NodeAttempts', sumCalls(calls).attempts);
  const { hedges, spillovers, reusedAnswers } = policyCounts(calls);
  if (hedges > 0) add('Hedges', hedges);
  if (spillovers > 0) add('Spillovers', spillovers);
  if (reusedAnswers > 0) add('ReusedAnswers', reusedAnswers);
}

/** The calls of a map are the values of one metric, so that CloudWatch can take percentiles over them. */
function addCall(add: Add, { startMs, endMs, waitMs, coldMs, error }: CallRecord): void {
  add('CallLatency', endMs - startMs);
  add('CallWait', waitMs);
  add('CallService', Math.max(0, endMs - startMs - waitMs));
  add('WaitingRoomTime', coldMs);
  add('CallErrors', error ? 1 : 0);
  add('ColdStarts', coldMs > 0 ? 1 : 0);
}

const UNITS = { ...RUN_METRICS, ...NODE_METRICS, ...WARMING_METRICS, ...ADMISSION_METRICS };

/** Adds a value of a metric. */
type Add = (metric: RunMetric | NodeMetric | WarmingMetric | AdmissionMetric, value: number) => void;

interface Dimensions {
  readonly agent: string;
  readonly node?: string;
  /** Of a plan: what it called. */
  readonly component?: string;
  readonly kind?: string;
}

/** Writes what was added; nothing of it stays for the next run, even if that fails. */
function publish(dimensions: Dimensions, work: (add: Add) => void): void {
  const metrics = metricsOf(dimensions);
  try {
    work((metric, value) => void metrics.addMetric(metric, UNITS[metric], value));
    metrics.publishStoredMetrics();
  } finally {
    metrics.clearMetrics();
  }
}

const known = new Map<string, Metrics>();

/** A dimension needs a value, outside of Lambda too. */
const NO_FUNCTION = 'local';

/** One emitter for each set of dimensions: concurrent runs never see each other's half-filled one. */
function metricsOf(dimensions: Dimensions): Metrics {
  const defaultDimensions = { function: process.env.AWS_LAMBDA_FUNCTION_NAME ?? NO_FUNCTION, ...dimensions };
  const key = JSON.stringify(defaultDimensions);
  const metrics =
    known.get(key) ?? new Metrics({ namespace: METRICS_NAMESPACE, serviceName: METRICS_SERVICE, defaultDimensions });
  known.set(key, metrics);
  return metrics;
}
