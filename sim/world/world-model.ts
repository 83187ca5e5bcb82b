import type { ScalingModel } from '../control/scaling-model';
import type { FleetModel } from '../hosting/fleet-model';
import type { ComputeNeeds } from '../hosting/host';
import type { ImportedModelHosting } from '../hosting/imported-models';
import type { ColdStartProfile } from '../serving/cold-start';
import type { CopyProfile } from '../serving/copy-profile';
import type { RoutingStrategy } from '../serving/router';
import type { Distribution } from '../workload/distribution';

/** Everything that agents call, and what it runs on. */
export interface WorldModel {
  /** SageMaker endpoints for inference components, by name. */
  readonly fleets: Readonly<Record<string, FleetModel>>;
  readonly components: Readonly<Record<string, ComponentModel>>;
}

export type ComponentModel = InferenceComponentModel | ImportedModelModel | ToolModel;

interface CopiesModel {
  readonly copy: CopyProfile;
  readonly coldStart: ColdStartProfile;
  readonly scaling: ScalingModel;
  /** Calls a copy takes at once; further ones are refused as `throttled`. @default they queue in the copy */
  readonly maxConcurrencyPerCopy?: number;
  /** Calls that take longer are ended by the service, and tried again by the engine's rules. @default no limit */
  readonly answerLimitSeconds?: number;
  /** @default LEAST_OUTSTANDING_REQUESTS */
  readonly routing?: RoutingStrategy;
}

/** A SageMaker inference component: a share of the instances of a fleet. */
export interface InferenceComponentModel extends CopiesModel {
  readonly kind: 'inference-component';
  readonly fleet: string;
  /** Of one copy. */
  readonly needs: ComputeNeeds;
}

/** A model imported into Bedrock. */
export interface ImportedModelModel extends CopiesModel {
  readonly kind: 'imported-model';
  readonly hosting: ImportedModelHosting;
}

/** A Lambda function, a retriever, a service: always there, as long as it takes. */
export interface ToolModel {
  readonly kind: 'tool';
  readonly durationMs: Distribution;
  /** @default 0 */
  readonly pricePerCallUsd?: number;
}
