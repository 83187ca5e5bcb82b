import { COPY_DIMENSION, COPY_METRICS } from '../../core/telemetry/metrics';
import { metricFields } from './metric-fields';

/** The copies of an inference component, as fields of a log line. */
export function copyMetrics(
  inferenceComponentName: string,
  { desired, inService }: { readonly desired: number; readonly inService: number },
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const values = { CopiesDesired: desired, CopiesInService: inService };
  return metricFields(COPY_METRICS, values, { [COPY_DIMENSION]: inferenceComponentName }, nowMs);
}
