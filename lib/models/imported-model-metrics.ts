import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';

const EVERY_MINUTE = Duration.minutes(1);

/**
 * The metrics of a model in Bedrock, by the statistic that suits each. Latencies are in **milliseconds**.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html
 */
const STATISTICS: Readonly<Record<string, string>> = {
  Invocations: Stats.SUM,
  InvocationClientErrors: Stats.SUM,
  InvocationServerErrors: Stats.SUM,
  InvocationThrottles: Stats.SUM,
  InputTokenCount: Stats.SUM,
  OutputTokenCount: Stats.SUM,
  InvocationLatency: Stats.AVERAGE,
  ModelCopy: Stats.MAXIMUM,
};

/** A metric of an imported model. One that is not known here is read as an average. */
export function importedModelMetric(modelArn: string, metricName: string, options?: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/Bedrock',
    metricName,
    dimensionsMap: { ModelId: modelArn },
    statistic: STATISTICS[metricName] ?? Stats.AVERAGE,
    period: EVERY_MINUTE,
    ...options,
  });
}
