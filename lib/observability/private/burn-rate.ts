import { type Duration, Duration as Length } from 'aws-cdk-lib';
import {
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  MathExpression,
  type Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { addAlarm } from './alarm-rules';

/** Of 100 runs so many may be slower than an objective for P95. */
const MAY_BE_SLOW_PERCENT = 5;

/** A share of fewer runs says little. */
const MIN_RUNS = 20;

/** How fast too slow runs use up what an objective allows of them, over a long and a short window. */
export interface BurnWindow {
  readonly long: Duration;
  /** So that the alarm ends soon after the trouble. */
  readonly short: Duration;
  /** Times as many slow runs as the objective allows. */
  readonly rate: number;
}

/**
 * Windows and rates for an objective over 30 days, of which the first uses up 2 % and the second 5 % when it tells.
 *
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export const FAST_BURN: BurnWindow = { long: Length.hours(1), short: Length.minutes(5), rate: 14.4 };
export const SLOW_BURN: BurnWindow = { long: Length.hours(6), short: Length.minutes(30), rate: 6 };

/** Times as many slow runs as an objective for P95 allows: 1 uses up exactly what is allowed, 20 is every run. */
export function burnRate(latency: Metric, objectiveMs: number, window: Duration, minRuns = MIN_RUNS): MathExpression {
  return new MathExpression({
    // Without a value the alarm would look at older ones instead.
    expression: `IF(count >= ${minRuns}, (100 - fast) / ${MAY_BE_SLOW_PERCENT}, 0)`,
    usingMetrics: {
      fast: latency.with({ statistic: Stats.percentileRank(objectiveMs) }),
      count: latency.with({ statistic: Stats.SAMPLE_COUNT }),
    },
    label: 'burn rate',
    period: window,
  });
}

/** Fires when runs have been too slow for long, and still are. */
export class BurnAlarm extends Construct {
  public readonly alarm: CompositeAlarm;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly description: string;
      readonly latency: Metric;
      readonly objectiveMs: number;
      readonly window: BurnWindow;
      readonly actions: readonly IAlarmAction[];
    },
  ) {
    super(scope, id);
    const { description, latency, objectiveMs, actions } = props;
    const { long, short, rate } = props.window;
    const over = (alarmId: string, window: Duration, minRuns?: number) =>
      addAlarm(
        this,
        alarmId,
        `${description}, over ${window.toHumanString()}`,
        {
          metric: burnRate(latency, objectiveMs, window, minRuns),
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          threshold: rate,
          evaluationPeriods: 1,
        },
        [],
      );
    // The long window says whether there are enough runs.
    const both = [over('Long', long), over('Short', short, 1)].map((one) => AlarmRule.fromAlarm(one, AlarmState.ALARM));
    this.alarm = new CompositeAlarm(this, 'Resource', {
      alarmDescription: description,
      alarmRule: AlarmRule.allOf(...both),
    });
    this.alarm.addAlarmAction(...actions);
  }
}
