import { randomUUID } from 'node:crypto';
import { CONCURRENCY_METRIC } from '../../../core/scale/scalable-target';
import type { ScalingModel } from '../../../sim/control/scaling-model';
import { isRecord } from '../http';
import { alarmArn, policyArn, resourceIdOf, SCALABLE_DIMENSION, SERVICE_NAMESPACE } from './names';

/** A policy as it was put, and what the service adds. */
export interface ScalingPolicy {
  readonly PolicyARN: string;
  readonly PolicyName: string;
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly PolicyType: 'TargetTrackingScaling' | 'StepScaling';
  readonly TargetTrackingScalingPolicyConfiguration?: TargetTrackingConfiguration;
  readonly StepScalingPolicyConfiguration?: Readonly<Record<string, unknown>>;
  readonly Alarms: readonly { readonly AlarmName: string; readonly AlarmARN: string }[];
  /** In seconds since 1970. */
  readonly CreationTime: number;
}

export type PolicyConfiguration = Pick<
  ScalingPolicy,
  'PolicyType' | 'TargetTrackingScalingPolicyConfiguration' | 'StepScalingPolicyConfiguration'
>;

interface TargetTrackingConfiguration extends Readonly<Record<string, unknown>> {
  readonly TargetValue: number;
  /** In seconds. */
  readonly ScaleInCooldown?: number;
}

/**
 * What a request puts: a document that is kept as it is.
 *
 * @throws RangeError for what is no policy, or one that the world's components do not follow
 */
export function readConfiguration(input: Readonly<Record<string, unknown>>): PolicyConfiguration {
  const {
    PolicyType,
    TargetTrackingScalingPolicyConfiguration: tracking,
    StepScalingPolicyConfiguration: steps,
  } = input;
  if (PolicyType === 'StepScaling') {
    if (!isRecord(steps)) throw new RangeError('StepScalingPolicyConfiguration is required by a policy of steps');
    return { PolicyType, StepScalingPolicyConfiguration: steps };
  }
  if (PolicyType !== 'TargetTrackingScaling') {
    throw new RangeError(`PolicyType must be TargetTrackingScaling or StepScaling, got: ${JSON.stringify(PolicyType)}`);
  }
  if (!isRecord(tracking)) {
    throw new RangeError('TargetTrackingScalingPolicyConfiguration is required by a policy that tracks a target');
  }
  return { PolicyType, TargetTrackingScalingPolicyConfiguration: readTracking(tracking) };
}

function readTracking(configuration: Record<string, unknown>): TargetTrackingConfiguration {
  const { TargetValue, ScaleInCooldown, PredefinedMetricSpecification: predefined } = configuration;
  if (!(typeof TargetValue === 'number' && TargetValue > 0 && TargetValue < Infinity)) {
    throw new RangeError(`TargetValue must be a positive number, got: ${JSON.stringify(TargetValue)}`);
  }
  const isCooldown = typeof ScaleInCooldown === 'number' && Number.isInteger(ScaleInCooldown) && ScaleInCooldown >= 0;
  if (ScaleInCooldown !== undefined && !isCooldown) {
    throw new RangeError(`ScaleInCooldown must be a whole number of seconds, got: ${JSON.stringify(ScaleInCooldown)}`);
  }
  const metric = isRecord(predefined) ? predefined.PredefinedMetricType : undefined;
  if (metric !== CONCURRENCY_METRIC) {
    throw new RangeError(
      `components of the local stack follow only ${CONCURRENCY_METRIC}, got: ${JSON.stringify(metric)}`,
    );
  }
  return { ...configuration, TargetValue, ...(isCooldown && { ScaleInCooldown }) };
}

/** @param before the policy of that name, if there is one: it keeps its identity */
export function scalingPolicy(
  componentName: string,
  policyName: string,
  configuration: PolicyConfiguration,
  atMs: number,
  before?: ScalingPolicy,
): ScalingPolicy {
  const resourceId = resourceIdOf(componentName);
  const alarms = (['High', 'Low'] as const).map((side) => `TargetTracking-${resourceId}-Alarm${side}-${randomUUID()}`);
  return {
    PolicyARN: before?.PolicyARN ?? policyArn(randomUUID(), resourceId, policyName),
    PolicyName: policyName,
    ServiceNamespace: SERVICE_NAMESPACE,
    ResourceId: resourceId,
    ScalableDimension: SCALABLE_DIMENSION,
    ...configuration,
    Alarms:
      configuration.PolicyType === 'StepScaling'
        ? []
        : (before?.Alarms ?? alarms.map((AlarmName) => ({ AlarmName, AlarmARN: alarmArn(AlarmName) }))),
    CreationTime: before?.CreationTime ?? atMs / 1000,
  };
}

/** The policies that a component's own behaviour amounts to, as constructs deploy them. */
export function initialPolicies(componentName: string, scaling: ScalingModel, atMs: number): ScalingPolicy[] {
  const { rule, targetConcurrency } = scaling;
  const tracking = {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: targetConcurrency,
      PredefinedMetricSpecification: { PredefinedMetricType: CONCURRENCY_METRIC },
      ...('scaleInCooldownSeconds' in rule && { ScaleInCooldown: rule.scaleInCooldownSeconds }),
    },
  } as const;
  const steps = {
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      MetricAggregationType: 'Maximum',
      Cooldown: 60,
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  } as const;
  return [
    scalingPolicy(componentName, 'concurrency', tracking, atMs),
    scalingPolicy(componentName, 'from-zero', steps, atMs),
  ];
}
