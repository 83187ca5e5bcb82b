import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type CallRecord, type NodeRecord, type RunRecord, sumCalls } from '../../core/run/record';

const NAMESPACE = 'CompoundInference';

/** Writes the metrics of a run in the embedded metric format: of the agent, and of each node that started. */
export function publishMetrics(record: RunRecord): void {
  publishRun(record);
  for (const [id, node] of Object.entries(record.nodes)) {
    if (node.status === 'succeeded' || node.status === 'failed') publishNode(record.graph, id, node);
  }
}

function publishRun({ graph, status, wallMs, overheadMs, costUsd }: RunRecord): void {
  publish({ agent: graph }, (metrics) =>
    metrics
      .addMetric('RunLatency', MetricUnit.Milliseconds, wallMs)
      .addMetric('RunOverhead', MetricUnit.Milliseconds, Math.max(0, overheadMs))
      .addMetric('RunCost', MetricUnit.NoUnit, costUsd)
      .addMetric('RunErrors', MetricUnit.Count, status === 'succeeded' ? 0 : 1),
  );
}

/** The calls of a map are the values of one metric, so that CloudWatch can take percentiles over them. */
function publishNode(agent: string, node: string, { startMs, endMs, status, calls }: NodeRecord): void {
  publish({ agent, node }, (metrics) => {
    metrics
      .addMetric('NodeLatency', MetricUnit.Milliseconds, endMs - startMs)
      .addMetric('NodeErrors', MetricUnit.Count, status === 'failed' ? 1 : 0);
    if (calls.length === 0) return;
    metrics.addMetric('NodeAttempts', MetricUnit.Count, sumCalls(calls).attempts);
    for (const call of calls) addCall(metrics, call);
  });
}

function addCall(metrics: Metrics, { startMs, endMs, waitMs, coldMs, error }: CallRecord): void {
  metrics
    .addMetric('CallLatency', MetricUnit.Milliseconds, endMs - startMs)
    .addMetric('CallWait', MetricUnit.Milliseconds, waitMs)
    .addMetric('CallErrors', MetricUnit.Count, error ? 1 : 0)
    .addMetric('ColdStarts', MetricUnit.Count, coldMs > 0 ? 1 : 0);
}

interface Dimensions {
  readonly agent: string;
  readonly node?: string;
}

/** Writes what was added; nothing of it stays for the next run, even if that fails. */
function publish(dimensions: Dimensions, add: (metrics: Metrics) => void): void {
  const metrics = metricsOf(dimensions);
  try {
    add(metrics);
    metrics.publishStoredMetrics();
  } finally {
    metrics.clearMetrics();
  }
}

const known = new Map<string, Metrics>();

/** One emitter for each set of dimensions: concurrent runs never see each other's half-filled one. */
function metricsOf(dimensions: Dimensions): Metrics {
  const key = `${dimensions.agent}/${dimensions.node ?? ''}`;
  const metrics =
    known.get(key) ??
    new Metrics({ namespace: NAMESPACE, serviceName: 'orchestrator', defaultDimensions: { ...dimensions } });
  known.set(key, metrics);
  return metrics;
}
