import { type Alarm, ComparisonOperator, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { addAlarm, PERIOD, PERIODS_OF_A_TREND, type Rule } from '../observability/private/alarm-rules';
import { watchScheduledFunction } from '../observability/private/scheduled-function-alarms';
import { assertConfiguration, known, show } from '../private/checks';
import { checkShape } from '../private/shape';
import type { Prewarming } from './prewarming';
import { PREWARMING_ALARMS } from './private/shapes';

export interface PrewarmingAlarmsOptions {
  /**
   * What an alarm does, such as an `SnsAction` that tells a topic.
   *
   * @default - nothing: alarms only show
   */
  readonly actions?: readonly IAlarmAction[];

  /**
   * Percent of the monthly budget that may be used before an alarm tells.
   *
   * @default 80
   */
  readonly maxBudgetPercent?: number;
}

export interface PrewarmingAlarmsProps extends PrewarmingAlarmsOptions {
  /** What to watch. */
  readonly prewarming: Prewarming;
}

/** Tells when warming no longer does what it should. Agents go on without it. */
export class PrewarmingAlarms extends Construct {
  /** The warmer has failed. */
  public readonly functionErrors: Alarm;

  /** Nothing has called the warmer for 15 minutes: what it raised stays so. */
  public readonly silence: Alarm;

  /** There are events that the warmer could not handle. */
  public readonly failedEvents: Alarm;

  /** More of the monthly budget is used than should be. When it is used up, nothing is warmed for the rest of the month. */
  public readonly budget: Alarm;

  /** Nothing has been warmed for 15 minutes because less than 30 % of what was warmed was called. */
  public readonly switchedOff: Alarm;

  /** Capacity that was raised has not been restored for 15 minutes after it should have been, and goes on to cost. */
  public readonly unrestored: Alarm;

  constructor(scope: Construct, id: string, props: PrewarmingAlarmsProps) {
    super(scope, id);

    assertConfiguration(this, (report) => checkShape('prewarming', '', props, PREWARMING_ALARMS, report));
    const { prewarming, actions = [], maxBudgetPercent = 80 } = props;
    assertConfiguration(this, (report) => {
      if (known(maxBudgetPercent) !== undefined && maxBudgetPercent > 0 && maxBudgetPercent <= 100) return;
      const message = `must be a number above 0, and at most 100, that is known at synthesis, got: ${show(maxBudgetPercent)}`;
      report('prewarming/bad-budget-percent', 'maxBudgetPercent', message);
    });
    const { metrics } = prewarming;
    const of = `of ${prewarming.node.path}`;
    const add = (alarmId: string, description: string, rule: Rule) =>
      addAlarm(this, alarmId, description, rule, actions);
    const trend = { threshold: 1, evaluationPeriods: PERIODS_OF_A_TREND };

    const ofFunction = watchScheduledFunction(
      this,
      { name: `the warmer ${of}`, function: prewarming.function, failedEvents: prewarming.failedEvents },
      actions,
    );
    this.functionErrors = ofFunction.functionErrors;
    this.silence = ofFunction.silence;
    this.failedEvents = ofFunction.failedEvents;
    this.budget = add('Budget', `More than ${maxBudgetPercent} % of the monthly budget ${of} is used`, {
      metric: metrics.metricBudgetUsed({ period: PERIOD }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: maxBudgetPercent,
      evaluationPeriods: 1,
    });
    this.switchedOff = add('SwitchedOff', `The warmer ${of} has switched itself off: it warmed too much in vain`, {
      metric: metrics.metricSwitchedOff({ period: PERIOD }),
      ...trend,
    });
    this.unrestored = add('Unrestored', `Capacity that the warmer ${of} has raised is not restored`, {
      metric: metrics.metricUnrestored({ period: PERIOD }),
      ...trend,
    });
  }
}
