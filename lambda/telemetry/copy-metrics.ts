import { COPY_DIMENSION, COPY_METRICS, METRICS_NAMESPACE } from '../../core/telemetry/metrics';

/**
 * The copies of an inference component as fields of a log line in the embedded metric format, from which CloudWatch makes
 * metrics (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function copyMetrics(
  inferenceComponentName: string,
  { desired, inService }: { readonly desired: number; readonly inService: number },
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const metrics = Object.entries(COPY_METRICS).map(([Name, Unit]) => ({ Name, Unit }));
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: [[COPY_DIMENSION]], Metrics: metrics }],
    },
    [COPY_DIMENSION]: inferenceComponentName,
    CopiesDesired: desired,
    CopiesInService: inService,
  };
}
