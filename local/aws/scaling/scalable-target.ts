import { randomUUID } from 'node:crypto';
import type { Autoscaler, ScalingChange } from '../../../sim/control/autoscaler';
import type { Model } from '../../world/model';
import type { World } from '../../world/world';
import { ROLE_ARN, resourceIdOf, SCALABLE_DIMENSION, SERVICE_NAMESPACE, targetArn } from './names';
import { ScalingActivities } from './scaling-activities';
import { initialPolicies, type PolicyConfiguration, type ScalingPolicy, scalingPolicy } from './scaling-policy';
import { ScheduledActions } from './scheduled-actions';

export interface SuspendedState {
  readonly DynamicScalingInSuspended: boolean;
  readonly DynamicScalingOutSuspended: boolean;
  readonly ScheduledScalingSuspended: boolean;
}

/** What a registration changes; what it leaves out stays. */
export interface Registration {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
  readonly suspendedState?: Partial<SuspendedState>;
}

/**
 * The copies of an inference component, as Application Auto Scaling scales them: registered from the beginning, with
 * policies that say what its behaviour is. Changes act on the world's autoscaler at once.
 */
export class ScalableTarget {
  readonly arn = targetArn(randomUUID().replaceAll('-', ''));
  readonly resourceId: string;
  readonly scheduledActions: ScheduledActions;
  readonly #activities: ScalingActivities;
  readonly #policies: Map<string, ScalingPolicy>;
  readonly #createdAtMs: number;
  #suspended: SuspendedState = {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: false,
  };

  constructor(
    readonly componentName: string,
    private readonly model: Model,
    private readonly world: World,
  ) {
    this.resourceId = resourceIdOf(componentName);
    this.#createdAtMs = world.nowMs;
    const { scaling } = model.behaviour;
    const policies = initialPolicies(componentName, scaling, this.#createdAtMs);
    this.#policies = new Map(policies.map((policy) => [policy.PolicyName, policy]));
    this.#activities = new ScalingActivities(componentName);
    this.scheduledActions = new ScheduledActions(componentName, world, ({ MinCapacity, MaxCapacity }) => {
      const minCopies = MinCapacity ?? this.#limits.minCopies;
      const maxCopies = MaxCapacity ?? this.#limits.maxCopies;
      if (this.#suspended.ScheduledScalingSuspended || maxCopies < minCopies) return;
      model.scaling((autoscaler) => autoscaler.setLimits({ minCopies, maxCopies }));
    });
    model.scaling((autoscaler) =>
      autoscaler.observe({
        onPeriod: ({ copiesInService, endSeconds }) =>
          this.#activities.look(copiesInService, world.epochMs(endSeconds)),
        onChange: (change) =>
          this.#activities.begin(change.toCopies, this.#causeOf(change), world.epochMs(change.atSeconds)),
      }),
    );
  }

  get policies(): ScalingPolicy[] {
    return [...this.#policies.values()];
  }

  /** As the service tells it. */
  describe(): object {
    const { minCopies, maxCopies } = this.#limits;
    return {
      ServiceNamespace: SERVICE_NAMESPACE,
      ResourceId: this.resourceId,
      ScalableDimension: SCALABLE_DIMENSION,
      MinCapacity: minCopies,
      MaxCapacity: maxCopies,
      RoleARN: ROLE_ARN,
      CreationTime: this.#createdAtMs / 1000,
      SuspendedState: this.#suspended,
      ScalableTargetARN: this.arn,
    };
  }

  describeActivities(): ReturnType<ScalingActivities['describe']> {
    this.#activities.look(this.model.copiesInService, this.world.nowMs);
    return this.#activities.describe();
  }

  /** @throws RangeError if the minimum is above the maximum */
  register({ minCapacity, maxCapacity, suspendedState }: Registration): void {
    const minCopies = minCapacity ?? this.#limits.minCopies;
    const maxCopies = maxCapacity ?? this.#limits.maxCopies;
    if (maxCopies < minCopies) {
      throw new RangeError(`MaxCapacity cannot be less than MinCapacity, got: ${maxCopies} and ${minCopies}`);
    }
    this.#suspended = { ...this.#suspended, ...suspendedState };
    this.#apply((autoscaler) => autoscaler.setLimits({ minCopies, maxCopies }));
  }

  /** @throws RangeError if another policy follows the same metric */
  putPolicy(name: string, configuration: PolicyConfiguration): ScalingPolicy {
    const isSecond = this.policies.some(
      ({ PolicyName, PolicyType }) =>
        PolicyName !== name && PolicyType === 'TargetTrackingScaling' && PolicyType === configuration.PolicyType,
    );
    if (isSecond)
      throw new RangeError('Only one TargetTrackingScaling policy for a given metric specification is allowed.');
    const policy = scalingPolicy(this.componentName, name, configuration, this.world.nowMs, this.#policies.get(name));
    this.#policies.set(name, policy);
    const tracking = policy.TargetTrackingScalingPolicyConfiguration;
    this.#apply((autoscaler) => {
      if (tracking) autoscaler.setTarget(tracking.TargetValue, tracking.ScaleInCooldown);
    });
    return policy;
  }

  /** @returns whether there was one */
  deletePolicy(name: string): boolean {
    const isDeleted = this.#policies.delete(name);
    this.#apply(() => {});
    return isDeleted;
  }

  /** Changes the autoscaler, and lets it do what the policies allow. */
  #apply(change: (autoscaler: Autoscaler) => void): void {
    const tracking = this.#tracking?.TargetTrackingScalingPolicyConfiguration;
    const { DynamicScalingInSuspended: isInSuspended, DynamicScalingOutSuspended: isOutSuspended } = this.#suspended;
    this.model.scaling((autoscaler) => {
      autoscaler.scalesOut = tracking !== undefined && !isOutSuspended;
      autoscaler.scalesIn = tracking !== undefined && !isInSuspended && tracking.DisableScaleIn !== true;
      autoscaler.startsFromZero = this.#steps !== undefined && !isOutSuspended;
      change(autoscaler);
    });
  }

  get #limits(): { readonly minCopies: number; readonly maxCopies: number } {
    return this.model.scaling(({ minCopies, maxCopies }) => ({ minCopies, maxCopies }));
  }

  get #tracking(): ScalingPolicy | undefined {
    return this.policies.find(({ PolicyType }) => PolicyType === 'TargetTrackingScaling');
  }

  get #steps(): ScalingPolicy | undefined {
    return this.policies.find(({ PolicyType }) => PolicyType === 'StepScaling');
  }

  #causeOf({ cause, fromCopies, toCopies }: ScalingChange): string {
    const isOut = toCopies > fromCopies;
    if (cause === 'limits') return `${isOut ? 'minimum' : 'maximum'} capacity was set to ${toCopies}`;
    const alarmOf = (alarm: string | undefined, policy: ScalingPolicy | undefined) =>
      `monitor alarm ${alarm} in state ALARM triggered policy ${policy?.PolicyName}`;
    if (cause === 'refused-call') return alarmOf(`NoCapacityInvocationFailures-${this.componentName}`, this.#steps);
    return alarmOf(this.#tracking?.Alarms[isOut ? 0 : 1]?.AlarmName, this.#tracking);
  }
}
