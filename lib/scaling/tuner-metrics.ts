import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { METRICS_NAMESPACE, TUNER_SERVICE, type TunerMetric } from '../../core/telemetry/metrics';

/** What a tuner publishes, with each tick. The period of the metrics is 5 minutes unless the options say otherwise. */
export class TunerMetrics {
  public constructor(private readonly tuner: IFunction) {}

  /** Changes of targets and minimums that were done. */
  public metricChanges(options: MetricOptions = {}): Metric {
    return this.metric('Changes', { statistic: Stats.SUM, ...options });
  }

  /** Changes that AWS refused, or of which nobody knows whether they were done. */
  public metricRefusedChanges(options: MetricOptions = {}): Metric {
    return this.metric('RefusedChanges', { statistic: Stats.SUM, ...options });
  }

  /** Components with calls about which nothing could be decided: the least by default. */
  public metricBlindComponents(options: MetricOptions = {}): Metric {
    return this.metric('BlindComponents', { statistic: Stats.MINIMUM, ...options });
  }

  /** Components whose target is left alone because somebody else changed it, or changes did not help: the least by default. */
  public metricFrozenComponents(options: MetricOptions = {}): Metric {
    return this.metric('FrozenComponents', { statistic: Stats.MINIMUM, ...options });
  }

  /** Components whose target goes up and down within an hour: the most by default. */
  public metricFlappingComponents(options: MetricOptions = {}): Metric {
    return this.metric('FlappingComponents', { statistic: Stats.MAXIMUM, ...options });
  }

  /** 1 while a person has switched the tuner off: the least by default. */
  public metricSwitchedOff(options: MetricOptions = {}): Metric {
    return this.metric('SwitchedOff', { statistic: Stats.MINIMUM, ...options });
  }

  private metric(metricName: TunerMetric, options: MetricOptions): Metric {
    const dimensionsMap = { service: TUNER_SERVICE, function: this.tuner.functionName };
    return new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap, ...options });
  }
}
