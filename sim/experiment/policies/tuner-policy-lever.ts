import type { Cooldowns, LivePolicy, TunerAction } from '../../../core/scale';
import type { Autoscaler } from '../../control/autoscaler';
import type { ScalingModel } from '../../control/scaling-model';

/** The scaling policy of a component, as the tuner reads and writes it. */
export class PolicyLever {
  #cooldowns: Cooldowns;
  #live: LivePolicy | undefined;

  constructor(
    private readonly autoscaler: Autoscaler,
    private readonly scaling: ScalingModel,
  ) {
    const { rule } = scaling;
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

  /**
   * A scalable target has one minimum: one for a time is lowered by the tuner itself. Back at its baseline nothing of it is
   * the tuner's: a warmer that holds it puts back what it found. What is recommended is for people.
   */
  apply(action: TunerAction): void {
    if (action.type === 'set-target') {
      this.#write({ target: action.to, ...action.cooldowns });
    } else if (action.type === 'restore-policy') {
      this.#write(JSON.parse(action.document));
    } else if (action.type === 'set-minimum') {
      const { copies, baseline } = action;
      this.autoscaler.setLimits({ minCopies: copies > baseline ? copies : this.scaling.minCopies });
    }
  }

  #write({ target, scaleOutCooldownSeconds, scaleInCooldownSeconds }: Cooldowns & { readonly target: number }): void {
    this.#cooldowns = { scaleOutCooldownSeconds, scaleInCooldownSeconds };
    this.#live = undefined;
    this.autoscaler.setTarget(target, scaleInCooldownSeconds);
  }
}
