import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { COPY_DIMENSION, type CopyMetric, METRICS_NAMESPACE } from '../../core/telemetry/metrics';

/** How SageMaker publishes a metric, and how it is best read. */
interface MetricDefinition {
  readonly namespace: string;
  readonly statistic: string;
  readonly period: Duration;
}

const INVOCATIONS = 'AWS/SageMaker';
const UTILIZATION = '/aws/sagemaker/InferenceComponents';
const EVERY_MINUTE = Duration.minutes(1);

const count: MetricDefinition = { namespace: INVOCATIONS, statistic: Stats.SUM, period: EVERY_MINUTE };
const microseconds: MetricDefinition = { namespace: INVOCATIONS, statistic: Stats.AVERAGE, period: EVERY_MINUTE };
const percent: MetricDefinition = { namespace: UTILIZATION, statistic: Stats.AVERAGE, period: EVERY_MINUTE };

/**
 * The metrics of an inference component.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
const DEFINITIONS: Readonly<Record<string, MetricDefinition>> = {
  Invocations: count,
  InvocationsPerCopy: count,
  Invocation4XXErrors: count,
  Invocation5XXErrors: count,
  InvocationModelErrors: count,
  MidStreamErrors: count,
  NoCapacityInvocationFailures: count,
  ModelLatency: microseconds,
  OverheadLatency: microseconds,
  FirstChunkLatency: microseconds,
  // Only minimum and maximum are valid statistics of it.
  ConcurrentRequestsPerCopy: { namespace: INVOCATIONS, statistic: Stats.MAXIMUM, period: Duration.seconds(10) },
  CPUUtilizationNormalized: percent,
  MemoryUtilizationNormalized: percent,
  GPUUtilizationNormalized: percent,
  GPUMemoryUtilizationNormalized: percent,
};

const OTHER: MetricDefinition = { namespace: INVOCATIONS, statistic: Stats.AVERAGE, period: EVERY_MINUTE };

/** A metric of an inference component. One that is not known here is read as an average of `AWS/SageMaker`. */
export function componentMetric(
  inferenceComponentName: string,
  metricName: string,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    ...(DEFINITIONS[metricName] ?? OTHER),
    metricName,
    dimensionsMap: { InferenceComponentName: inferenceComponentName },
    ...defined(options),
  });
}

/**
 * Copies that served the calls of each minute; no value in a minute without calls.
 *
 * SageMaker publishes no count of copies. For each call it adds 1 to `Invocations` and one over the number of copies to
 * `InvocationsPerCopy`, so the sums of the two have the number of copies as their ratio.
 */
export function copiesInService(inferenceComponentName: string): IMetric {
  return new MathExpression({
    expression: 'calls / callsPerCopy',
    label: 'Copies in service',
    period: EVERY_MINUTE,
    usingMetrics: {
      calls: componentMetric(inferenceComponentName, 'Invocations'),
      callsPerCopy: componentMetric(inferenceComponentName, 'InvocationsPerCopy'),
    },
  });
}

/** What a function of this package publishes each minute of the copies of a component. Several functions may, so it is no sum. */
export function publishedCopies(
  inferenceComponentName: string,
  metricName: CopyMetric,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    statistic: Stats.MAXIMUM,
    period: EVERY_MINUTE,
    metricName,
    dimensionsMap: { [COPY_DIMENSION]: inferenceComponentName },
    ...defined(options),
  });
}

/** What is given of the options, so that one that is undefined leaves the default as it is. */
function defined(options: MetricOptions): MetricOptions {
  return Object.fromEntries(Object.entries(options).filter(([, option]) => option !== undefined));
}
