import { type Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { addAlarm, PERIOD, PERIODS_OF_A_TREND } from './alarm-rules';

/** A function that a schedule calls. */
export interface WatchedFunction {
  /** As alarms name it. */
  readonly name: string;
  readonly function: IFunction;
  /** Where events go that it could not handle. */
  readonly failedEvents: IQueue;
}

export interface ScheduledFunctionAlarms {
  readonly functionErrors: Alarm;
  /** Nothing has called it for 15 minutes. */
  readonly silence: Alarm;
  readonly failedEvents: Alarm;
}

/** Tells when such a function fails, or is not called any more. */
export function watchScheduledFunction(
  scope: Construct,
  { name, function: fn, failedEvents }: WatchedFunction,
  actions: readonly IAlarmAction[],
): ScheduledFunctionAlarms {
  const once = { threshold: 1, evaluationPeriods: 1 };
  const errors = { metric: fn.metricErrors({ period: PERIOD }), ...once };
  const silence = {
    metric: fn.metricInvocations({ period: PERIOD }),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: PERIODS_OF_A_TREND,
    treatMissingData: TreatMissingData.BREACHING,
  };
  const kept = { metric: failedEvents.metricApproximateNumberOfMessagesVisible({ period: PERIOD }), ...once };
  return {
    functionErrors: addAlarm(scope, 'FunctionErrors', `${name} fails`, errors, actions),
    silence: addAlarm(scope, 'Silence', `Nothing calls ${name}`, silence, actions),
    failedEvents: addAlarm(scope, 'FailedEvents', `Events that ${name} has failed to handle are kept`, kept, actions),
  };
}
