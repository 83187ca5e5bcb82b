import { METRICS_NAMESPACE } from '../../core/telemetry/metrics';

/**
 * Fields that make a log line one of the embedded metric format, from which CloudWatch makes metrics
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 *
 * @param units by metric; those without a value are left out
 */
export function metricFields<Name extends string>(
  units: Readonly<Record<Name, string>>,
  values: Readonly<Partial<Record<Name, number>>>,
  dimensions: Readonly<Record<string, string>>,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const metrics = (Object.keys(values) as Name[]).map((name) => ({ Name: name, Unit: units[name] }));
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: metrics }],
    },
    ...dimensions,
    ...values,
  };
}
