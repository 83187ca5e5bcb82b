import type { LoadPeriod } from '../../../sim/control/scaling-rule';
import type { Model } from '../../world/model';
import type { Dimension, MetricStore } from './metric-store';

/** How a call of a model ended. */
export type CallOutcome = 'answered' | 'no-capacity' | 'throttled' | 'client-error' | 'server-error';

/** A call of a model that has ended. */
export interface CallRecord {
  readonly outcome: CallOutcome;
  readonly latencyMs: number;
  /** In milliseconds since 1970. */
  readonly endedAtMs: number;
  /** When it came in. */
  readonly copiesInService: number;
}

/** The metrics of one model, as its service publishes them. */
export interface ModelMetrics {
  recordCall(call: CallRecord): void;
  /** @param startMs of the period, in milliseconds since 1970 */
  recordPeriod(period: LoadPeriod, startMs: number): void;
}

export function modelMetrics({ backend, behaviour }: Model, store: MetricStore): ModelMetrics {
  if (backend.type === 'bedrock') return importedModelMetrics(store, backend.modelId);
  const { endpointName, inferenceComponentName } = backend;
  const dimensions =
    inferenceComponentName === undefined
      ? [dimension('EndpointName', endpointName), dimension('VariantName', 'AllTraffic')]
      : [dimension('InferenceComponentName', inferenceComponentName)];
  return endpointMetrics(store, dimensions, behaviour.scaling.rule.periodSeconds);
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html */
function endpointMetrics(store: MetricStore, dimensions: readonly Dimension[], periodSeconds: number): ModelMetrics {
  const id = (MetricName: string) => ({ Namespace: 'AWS/SageMaker', MetricName, Dimensions: dimensions });
  return {
    recordCall({ outcome, latencyMs, endedAtMs, copiesInService }) {
      const record = (metric: string, value: number) =>
        store.record(id(metric), endedAtMs, 60, (values) => values.add(value));
      if (outcome === 'no-capacity') {
        record('NoCapacityInvocationFailures', 1);
        return;
      }
      record('Invocations', 1);
      if (copiesInService > 0) record('InvocationsPerCopy', 1 / copiesInService);
      record('Invocation4XXErrors', outcome === 'throttled' || outcome === 'client-error' ? 1 : 0);
      record('Invocation5XXErrors', outcome === 'server-error' ? 1 : 0);
      record('ModelLatency', Math.round(latencyMs * 1000));
    },

    /** Without copies there is no data. Of the statistics, minimum and maximum are valid; the minimum is an upper bound. */
    recordPeriod({ averageConcurrency, peakConcurrency, copiesInService }, startMs) {
      if (copiesInService === 0) return;
      const perCopy = (concurrency: number) => concurrency / copiesInService;
      store.record(id('ConcurrentRequestsPerCopy'), startMs, 10, (values) =>
        values.addSet({
          sampleCount: periodSeconds,
          sum: perCopy(averageConcurrency) * periodSeconds,
          minimum: perCopy(averageConcurrency),
          maximum: perCopy(peakConcurrency),
        }),
      );
    },
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html */
function importedModelMetrics(store: MetricStore, modelId: string): ModelMetrics {
  const record = (MetricName: string, atMs: number, value: number) =>
    store.record(
      { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [dimension('ModelId', modelId)] },
      atMs,
      60,
      (values) => values.add(value),
    );
  return {
    recordCall({ outcome, latencyMs, endedAtMs }) {
      if (outcome !== 'answered') {
        record(FAILURES[outcome], endedAtMs, 1);
        return;
      }
      record('Invocations', endedAtMs, 1);
      record('InvocationLatency', endedAtMs, latencyMs);
    },
    recordPeriod({ copiesInService }, startMs) {
      record('ModelCopy', startMs, copiesInService);
    },
  };
}

const FAILURES = {
  throttled: 'InvocationThrottles',
  // Whether Bedrock counts `ModelNotReadyException` here is not documented.
  'no-capacity': 'InvocationClientErrors',
  'client-error': 'InvocationClientErrors',
  'server-error': 'InvocationServerErrors',
} as const;

const dimension = (Name: string, Value: string): Dimension => ({ Name, Value });
