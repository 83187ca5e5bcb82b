import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';

/** Where new copies are placed. */
export enum PlacementStrategy {
  /** Over as many instances as there are, so that one that fails takes few copies with it. */
  SPREAD = 'SPREAD',
  /** Onto as few instances as hold them, so that empty ones can go. */
  BINPACK = 'BINPACK',
}

/** How copies are placed on the instances of a fleet. */
export interface CopyPlacement {
  readonly strategy: PlacementStrategy;
  /**
   * By how many copies Availability Zones should differ at most, 0 to 100. Capacity that lacks in a zone overrules it.
   *
   * @default - 0 if copies are spread; 100, which leaves zones out of account, if they are packed
   */
  readonly maxZoneImbalance?: number;
}

/** The placement as the service wants it. */
export function renderPlacement({
  strategy,
  maxZoneImbalance = strategy === PlacementStrategy.SPREAD ? 0 : 100,
}: CopyPlacement): CfnInferenceComponent.InferenceComponentSchedulingConfigProperty {
  return {
    placementStrategy: strategy,
    availabilityZoneBalance: { enforcementMode: 'PERMISSIVE', maxImbalance: maxZoneImbalance },
  };
}
