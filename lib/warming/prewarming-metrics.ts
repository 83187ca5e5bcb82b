import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { METRICS_NAMESPACE, WARMER_SERVICE, type WarmerMetric } from '../../core/telemetry/metrics';

/** What a warmer publishes, every minute. The period of the metrics is 5 minutes unless the options say otherwise. */
export class PrewarmingMetrics {
  public constructor(private readonly warmer: IFunction) {}

  /** The part of the month's budget that is set aside already, in percent: the most by default. */
  public metricBudgetUsed(options: MetricOptions = {}): Metric {
    return this.metric('BudgetUsed', { statistic: Stats.MAXIMUM, ...options });
  }

  /** 1 while nothing is warmed because too much of what was warmed was never called, else 0: the least by default. */
  public metricSwitchedOff(options: MetricOptions = {}): Metric {
    return this.metric('SwitchedOff', { statistic: Stats.MINIMUM, ...options });
  }

  /** Components that are held warm: the most by default. */
  public metricHeldComponents(options: MetricOptions = {}): Metric {
    return this.metric('HeldComponents', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Components whose capacity should be as it was found, and is not yet: the least by default. */
  public metricUnrestored(options: MetricOptions = {}): Metric {
    return this.metric('Unrestored', { statistic: Stats.MINIMUM, ...options });
  }

  /** Starts of components. */
  public metricWarmUps(options: MetricOptions = {}): Metric {
    return this.metric('WarmUps', { statistic: Stats.SUM, ...options });
  }

  private metric(metricName: WarmerMetric, options: MetricOptions): Metric {
    const dimensionsMap = { service: WARMER_SERVICE, function: this.warmer.functionName };
    return new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap, ...options });
  }
}
