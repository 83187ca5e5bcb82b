import type { Cooldowns, LivePolicy, TunerAction } from '../../../core/scale';
import type { Autoscaler } from '../../control/autoscaler';
import type { ScalingModel } from '../../control/scaling-model';

/**
 * The scaling policy of a component, as the tuner reads and writes it. Its cooldowns are only kept: those of the world
 * are part of its model.
 */
export class PolicyLever {
  #cooldowns: Cooldowns;
  #live: LivePolicy | undefined;

  constructor(
    private readonly autoscaler: Autoscaler,
    { rule }: ScalingModel,
  ) {
    const scaleInCooldownSeconds = rule.kind === 'target-tracking' ? rule.scaleInCooldownSeconds : 0;
    this.#cooldowns = { scaleOutCooldownSeconds: 0, scaleInCooldownSeconds };
  }

  get live(): LivePolicy {
    const target = this.autoscaler.targetConcurrency;
    if (this.#live?.target === target) return this.#live;
    const policy = { target, ...this.#cooldowns };
    this.#live = { ...policy, document: JSON.stringify(policy) };
    return this.#live;
  }

  /** A scalable target has one minimum: one for a time is lowered by the tuner itself. What is recommended is for people. */
  apply(action: TunerAction): void {
    if (action.type === 'set-target') {
      this.#write({ target: action.to, ...action.cooldowns });
    } else if (action.type === 'restore-policy') {
      this.#write(JSON.parse(action.document));
    } else if (action.type === 'set-minimum') {
      this.autoscaler.setLimits({ minCopies: action.copies });
    }
  }

  #write({ target, scaleOutCooldownSeconds, scaleInCooldownSeconds }: Cooldowns & { readonly target: number }): void {
    this.#cooldowns = { scaleOutCooldownSeconds, scaleInCooldownSeconds };
    this.#live = undefined;
    this.autoscaler.setTarget(target);
  }
}
