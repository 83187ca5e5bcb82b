import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type Report, show } from '../../private/checks';

export const PERIOD = Duration.minutes(5);

/** For as long as this in a row: a spell that passes wakes nobody. */
export const PERIODS_OF_A_TREND = 3;

export const DEFAULT_MAX_ERROR_PERCENT = 5;

/** P95 of fewer is the slowest of them. What CloudWatch itself takes for too few, 200 for P95, an agent may never have. */
const MIN_SAMPLES = 20;

/** Missing data is fine unless the rule says otherwise. */
export type Rule = Omit<AlarmProps, 'alarmDescription'>;

export function addAlarm(
  scope: Construct,
  id: string,
  alarmDescription: string,
  rule: Rule,
  actions: readonly IAlarmAction[],
): Alarm {
  const alarm = new Alarm(scope, id, { alarmDescription, treatMissingData: TreatMissingData.NOT_BREACHING, ...rule });
  alarm.addAlarmAction(...actions);
  return alarm;
}

/** P95 of the latency, in milliseconds, is above the objective for a while. */
export function tooSlow(latency: Metric, objectiveMs: number): Rule {
  return {
    metric: new MathExpression({
      // 0 is above no objective. Without a value the alarm would look at older ones instead.
      expression: `IF(count >= ${MIN_SAMPLES}, p95, 0)`,
      usingMetrics: {
        p95: latency.with({ statistic: Stats.percentile(95) }),
        count: latency.with({ statistic: Stats.SAMPLE_COUNT }),
      },
      label: `P95 of ${MIN_SAMPLES} or more`,
      period: PERIOD,
    }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: objectiveMs,
    evaluationPeriods: PERIODS_OF_A_TREND,
  };
}

/** Of a metric that is 1 for what failed, and 0 for what did not, the average is too high in two of three periods. */
export function tooManyErrors(errors: Metric, maxErrorPercent: number): Rule {
  return {
    metric: errors.with({ statistic: Stats.AVERAGE, period: PERIOD }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: maxErrorPercent / 100,
    evaluationPeriods: PERIODS_OF_A_TREND,
    datapointsToAlarm: 2,
  };
}

/** What is known at deployment only cannot be divided: it is out of range as well. */
export function checkErrorPercent(percent: number | undefined, report: Report): void {
  if (percent === undefined || (percent >= 0 && percent < 100)) return;
  const rule = 'must be a number from 0 to below 100 that is known at synthesis';
  report('alarms/bad-error-percent', 'maxErrorPercent', `${rule}, got: ${show(percent)}`);
}
