import type { ShortageModel } from './capacity-shortage';
import type { ComputeNeeds } from './host';

/** An instance type, as the world knows it. */
export interface InstanceModel extends ComputeNeeds, ShortageModel {
  /** `ml.g6.2xlarge` */
  readonly type: string;
  readonly pricePerHourUsd: number;
  /** From the request to an instance that is up: median and coefficient of variation. */
  readonly provisionSeconds: number;
  readonly provisionVariation: number;
  /** Whether a new instance comes with the images (container caching). */
  readonly imageCached: boolean;
}

/** The instances behind one endpoint, and how SageMaker scales them (managed instance scaling). */
export interface FleetModel {
  /** By priority: what cannot be had of one is asked of the next (instance pools). */
  readonly instances: readonly InstanceModel[];
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly scaleIn: ScaleInModel;
  /** Until the next type, or after the last the first again, is tried. @default 300 */
  readonly provisionTimeoutSeconds?: number;
}

/** Of managed instance scaling (CloudFormation: `ManagedInstanceScaling.ScaleInPolicy`). */
export interface ScaleInModel {
  /** `IDLE_RELEASE` lets empty instances go; `CONSOLIDATION` also empties those whose copies fit elsewhere. */
  readonly strategy: 'IDLE_RELEASE' | 'CONSOLIDATION';
  /** How long an instance stays empty, and the least time between two steps. */
  readonly cooldownMinutes: number;
  /** Instances that go at once. */
  readonly maxStep: number;
}
