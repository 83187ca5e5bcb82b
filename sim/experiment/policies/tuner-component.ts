import { type ComponentObservation, watchMs } from '../../../core/scale';
import type { Autoscaler } from '../../control/autoscaler';
import type { LoadPeriod } from '../../control/scaling-rule';
import type { ModelComponent } from '../../world/model-component';
import type { ComponentModel } from '../../world/world-model';
import { ComponentMetrics } from './tuner-metrics';
import { PolicyLever } from './tuner-policy-lever';
import { ReadyTimes } from './tuner-ready-times';

/** A change is compared with the time before it until three times the time that it is watched for have passed. */
const WATCHES_KEPT = 4;

/** A component that scales, as the tuner sees it. */
export class TunedComponent {
  readonly name: string;
  readonly metrics = new ComponentMetrics();
  readonly lever: PolicyLever;
  /** Its maximum, and the minimum that it has without a tuner. */
  readonly limits: { readonly minCopies: number; readonly maxCopies: number };
  readonly #ready: ReadyTimes;
  /** Whether its policy holds the peak of a period, and not the average. */
  readonly #followsPeak: boolean;
  #period: LoadPeriod | undefined;
  #throttled = 0;

  constructor(
    private readonly component: ModelComponent,
    private readonly autoscaler: Autoscaler,
    { scaling }: Exclude<ComponentModel, { kind: 'tool' }>,
  ) {
    this.name = component.name;
    this.lever = new PolicyLever(autoscaler, scaling);
    this.limits = { minCopies: autoscaler.minCopies, maxCopies: autoscaler.maxCopies };
    this.#ready = new ReadyTimes(component.pool);
    this.#followsPeak = scaling.rule.kind === 'target-tracking' && scaling.rule.statistic === 'peak';
  }

  endSlot(nowMs: number): void {
    this.#ready.look(nowMs / 1000);
    this.metrics.endSlot(nowMs);
    const period = this.autoscaler.lastPeriod;
    if (period === undefined || period === this.#period) return;
    this.#period = period;
    const concurrency = this.#followsPeak ? period.peakConcurrency : period.averageConcurrency;
    if (period.copiesInService > 0) this.metrics.sample(concurrency / period.copiesInService);
  }

  endMinute(nowMs: number): void {
    const { throttled } = this.component;
    const keptMs = WATCHES_KEPT * watchMs(this.#ready.readySeconds.p90);
    this.metrics.endMinute(nowMs, throttled - this.#throttled, keptMs);
    this.#throttled = throttled;
  }

  /** Undefined before anything is measured. */
  get observation(): ComponentObservation | undefined {
    const { measured } = this.metrics;
    const { desired, inService } = this.component.pool;
    return (
      measured && {
        ...measured,
        copies: { desired, inService },
        minimumCopies: this.autoscaler.minCopies,
        readySeconds: this.#ready.readySeconds,
        policy: this.lever.live,
      }
    );
  }
}
