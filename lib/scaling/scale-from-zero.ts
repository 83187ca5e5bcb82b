import { Duration } from 'aws-cdk-lib';
import {
  AdjustmentType,
  type IScalableTarget,
  MetricAggregationType,
  StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { componentMetric } from '../fleet/component-metrics';

/** Properties of a `ScaleFromZero`. */
export interface ScaleFromZeroProps {
  /** The copies of the inference component, as a scalable target whose minimum is 0. */
  readonly copies: IScalableTarget;

  /** Name of the inference component whose refused calls wake it. */
  readonly inferenceComponentName: string;
}

/**
 * Starts an inference component that has no copies as soon as a call is refused for want of one.
 *
 * Target tracking cannot do this: at zero copies its metric has no data.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 */
export class ScaleFromZero extends Construct {
  /** Fires on the first refused call in a minute. */
  public readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: ScaleFromZeroProps) {
    super(scope, id);

    this.alarm = new Alarm(this, 'RefusedCalls', {
      metric: componentMetric(props.inferenceComponentName, 'NoCapacityInvocationFailures'),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: 'A call found no copy of the inference component',
    });

    const start = new StepScalingAction(this, 'Start', {
      scalingTarget: props.copies,
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      cooldown: Duration.minutes(1),
    });
    start.addAdjustment({ adjustment: 1, lowerBound: 0 });
    this.alarm.addAlarmAction(new ApplicationScalingAction(start));
  }
}
