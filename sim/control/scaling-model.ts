import type { HpaModel } from './hpa';
import type { KpaModel } from './kpa';
import type { ScheduledAction } from './schedule';
import type { TargetTrackingModel } from './target-tracking';

/** How a component's copies follow its load. */
export interface ScalingModel {
  readonly minCopies: number;
  readonly maxCopies: number;
  /** Requests in flight per copy that the rule holds. */
  readonly targetConcurrency: number;
  readonly rule: TargetTrackingModel | HpaModel | KpaModel;
  /**
   * From the first refused call to the start of a copy: a rule has no metric at zero copies, and a step policy on refused
   * calls takes over. 0 if the call itself starts it.
   */
  readonly fromZeroAfterSeconds: number;
  /** @default - none */
  readonly schedule?: readonly ScheduledAction[];
}
