import { ArnFormat, Duration, Stack, type TimeZone } from 'aws-cdk-lib';
import {
  type CfnScalingPolicy,
  PredefinedMetric,
  ScalableTarget,
  type Schedule,
  ServiceNamespace,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SCALABLE_COPIES, scalableResourceId } from '../../core/scale/scalable-target';
import { assertConfiguration, checkAtSynthesis } from '../private/checks';
import { checkCopyScaling, checkCopySchedule, checkSchedulesTogether, mayBeZero } from './private/scaling-checks';
import { ScaleFromZero } from './scale-from-zero';

const DEFAULT_COOLDOWN = Duration.minutes(5);

/** How the copies of an inference component follow its load. */
export interface CopyScalingOptions {
  /** Fewest copies. At 0 an idle component costs nothing, and the next call is refused while the first copy starts: minutes. */
  readonly min: number;
  /** Most copies, at least 1. */
  readonly max: number;
  /**
   * Requests in flight or queued that one copy should have. A streamed answer counts until its last token.
   *
   * Somewhat below what a copy can batch: copies take minutes to start.
   */
  readonly targetConcurrency: number;
  /**
   * Rest after copies were added.
   *
   * About as long as a copy takes to start: until then the concurrency stays high, and a shorter rest adds copies for the same load again.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Rest after copies were taken away. A copy goes no sooner than after about 15 quiet minutes anyway.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;
}

/** Properties of `ScalableCopies`. */
export interface ScalableCopiesProps extends CopyScalingOptions {
  readonly inferenceComponentName: string;
  /**
   * Copies that the component is created with, which must be within the bounds.
   *
   * @default - not checked
   */
  readonly initialCopies?: number;
}

/** Other bounds from a time on. */
export interface CopySchedule {
  readonly schedule: Schedule;
  /**
   * Of the schedule.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
  /**
   * Fewest copies from then on.
   *
   * @default - as before
   */
  readonly min?: number;
  /**
   * Most copies from then on. With `min` and `max` 0 the component is off until the next schedule.
   *
   * @default - as before
   */
  readonly max?: number;
}

/**
 * Copies of an inference component that follow its concurrency, measured every 10 seconds.
 *
 * With a minimum of 0 also what brings the first copy back. The template owns the bounds and the target; whoever changes them at run time
 * must expect that a deployment which changes them here sets them anew.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 */
export class ScalableCopies extends Construct {
  /**
   * Fires when a call found no copy, and starts one.
   *
   * @default - none, if there is always a copy
   */
  public readonly refusedCallsAlarm?: Alarm;

  /** Name of the policy that tracks the target. */
  public readonly policyName: string;

  private readonly target: ScalableTarget;
  private readonly scheduled = new Map<string, CopySchedule>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ScalableCopiesProps,
  ) {
    super(scope, id);
    assertConfiguration(this, (report) => checkCopyScaling(report, props));
    checkAtSynthesis(this, (report) => checkSchedulesTogether(report, props, this.scheduled));

    const { inferenceComponentName } = props;
    this.target = new ScalableTarget(this, 'Target', {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      scalableDimension: SCALABLE_COPIES.ScalableDimension,
      resourceId: scalableResourceId(props),
      minCapacity: props.min,
      maxCapacity: props.max,
      role: serviceLinkedRole(this),
    });
    const tracking = this.target.scaleToTrackMetric('Concurrency', {
      predefinedMetric: PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION,
      targetValue: props.targetConcurrency,
      scaleOutCooldown: this.scaleOutCooldown,
      scaleInCooldown: this.scaleInCooldown,
    });
    this.policyName = (tracking.node.defaultChild as CfnScalingPolicy).policyName;
    if (mayBeZero(props.min)) {
      this.refusedCallsAlarm = new ScaleFromZero(this, 'FromZero', {
        copies: this.target,
        inferenceComponentName,
      }).alarm;
    }
  }

  /** Requests in flight or queued that one copy should have, as deployed. */
  public get targetConcurrency(): number {
    return this.props.targetConcurrency;
  }

  /** Rest after copies were added, as deployed. */
  public get scaleOutCooldown(): Duration {
    return this.props.scaleOutCooldown ?? DEFAULT_COOLDOWN;
  }

  /** Rest after copies were taken away, as deployed. */
  public get scaleInCooldown(): Duration {
    return this.props.scaleInCooldown ?? DEFAULT_COOLDOWN;
  }

  /** Fewest copies at any time. */
  public get minCopies(): number {
    return Math.min(...this.boundsOverTime(this.props.min, ({ min }) => min));
  }

  /** The highest minimum at any time. */
  public get highestMinCopies(): number {
    return Math.max(...this.boundsOverTime(this.props.min, ({ min }) => min));
  }

  /** Most copies at any time. */
  public get maxCopies(): number {
    return Math.max(...this.boundsOverTime(this.props.max, ({ max }) => max));
  }

  /**
   * Changes the bounds at a time or again and again, as to have copies ready before the office opens.
   *
   * @param id of the schedule, unique among those of the component
   */
  public scaleOnSchedule(id: string, schedule: CopySchedule): void {
    assertConfiguration(this, (report) => checkCopySchedule(report, id, schedule, this.props, this.scheduled));
    this.scheduled.set(id, schedule);
    this.target.scaleOnSchedule(id, {
      schedule: schedule.schedule,
      timeZone: schedule.timeZone,
      minCapacity: schedule.min,
      maxCapacity: schedule.max,
    });
  }

  private boundsOverTime(bound: number, ofSchedule: (schedule: CopySchedule) => number | undefined): number[] {
    return [bound, ...[...this.scheduled.values()].map(ofSchedule).filter((scheduled) => scheduled !== undefined)];
  }
}

/** The role that Application Auto Scaling uses for SageMaker whatever it is told; without one CDK would make another. */
function serviceLinkedRole(scope: Construct): IRole {
  const roleArn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName:
      'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return Role.fromRoleArn(scope, 'ServiceLinkedRole', roleArn, { mutable: false });
}
