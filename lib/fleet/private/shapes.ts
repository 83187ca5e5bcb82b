import {
  amount,
  anything,
  duration,
  each,
  having,
  IS_BUCKET,
  IS_KEY,
  IS_ROLE,
  IS_SECURITY_GROUP,
  IS_VPC,
  list,
  needed,
  oneOf,
  type Shape,
  shaped,
  text,
} from '../../private/shape';
import type { AdapterComponentProps } from '../adapter-component';
import { type CopyPlacement, PlacementStrategy } from '../copy-placement';
import type { CopyResources } from '../fleet-ref';
import type { InferenceComponentAttributes, InferenceComponentProps } from '../inference-component';
import type { InferenceFleetAttributes, InferenceFleetProps } from '../inference-fleet-props';
import type { ContainerMetrics, ModelContainer } from '../inference-model';
import type { ModelArtifact } from '../model-artifact';
import type { RollingUpdate } from '../rolling-update';
import type { PrefixAwareRoutingOptions } from '../routing-strategy';
import type { ConsolidationOptions } from '../scale-in-policy';

const instanceTypes = list(
  having("an InferenceInstanceType, as in InferenceInstanceType.of('ml.g6.xlarge')", 'name', 'facts'),
);

export const FLEET: Shape<InferenceFleetProps> = {
  instanceTypes: needed(instanceTypes),
  maxInstances: needed(anything),
  minInstances: anything,
  initialInstances: anything,
  scaleIn: having('a ScaleInPolicy, as ScaleInPolicy.IDLE_RELEASE is', 'options'),
  provisioningTimeout: duration,
  routing: having('a RoutingStrategy, as RoutingStrategy.RANDOM is', 'name'),
  role: IS_ROLE,
  vpc: IS_VPC,
  vpcSubnets: each(anything),
  securityGroups: list(IS_SECURITY_GROUP),
  networkIsolation: anything,
  volumeKey: IS_KEY,
  capacityReservationArn: text,
  inferenceAmiVersion: text,
  enhancedMetrics: anything,
  componentStacks: anything,
};

export const CONSOLIDATION: Shape<ConsolidationOptions> = { maxStep: anything, cooldown: duration };

export const PREFIX_AWARE: Shape<PrefixAwareRoutingOptions> = {
  prefixLength: needed(anything),
  concurrencyThreshold: needed(anything),
};

export const EXISTING_FLEET: Shape<InferenceFleetAttributes> = {
  endpointName: needed(text),
  endpointArn: text,
  variantName: text,
  instanceTypes,
  role: IS_ROLE,
};

const fleet = needed(having('an InferenceFleet', 'endpointName', 'attach'));

const RESOURCES: Shape<CopyResources> = { accelerators: anything, cpuCores: anything, memoryMiB: needed(anything) };

const PLACEMENT: Shape<CopyPlacement> = { strategy: needed(oneOf(PlacementStrategy)), maxZoneImbalance: amount };

const batch = having('made by CopyBatch, as in CopyBatch.percent(25)', '_type', '_value');

const ROLLING_UPDATE: Shape<RollingUpdate> = {
  batch: needed(batch),
  bakeTime: needed(duration),
  timeout: duration,
  rollbackBatch: batch,
};

export const COMPONENT: Shape<InferenceComponentProps> = {
  fleet,
  model: needed(having('made by InferenceModel, as in InferenceModel.fromContainer(...)', '_check')),
  resources: needed(shaped(RESOURCES)),
  initialCopies: anything,
  inferenceComponentName: text,
  modelDownloadTimeout: duration,
  healthCheckTimeout: duration,
  dataCache: anything,
  placement: shaped(PLACEMENT),
  rollingUpdate: shaped(ROLLING_UPDATE),
  price: each(anything),
};

export const EXISTING_COMPONENT: Shape<InferenceComponentAttributes> = {
  inferenceComponentName: needed(text),
  endpointName: needed(text),
  endpointArn: text,
  price: each(anything),
};

const ARTIFACT: Shape<ModelArtifact> = { bucket: needed(IS_BUCKET), key: needed(text) };

export const ADAPTER: Shape<AdapterComponentProps> = {
  artifact: needed(shaped(ARTIFACT)),
  base: needed(having('an InferenceComponent', 'inferenceComponentName')),
  fleet,
  inferenceComponentName: text,
  price: each(anything),
};

const METRICS: Shape<ContainerMetrics> = { path: text, interval: duration };

export const CONTAINER: Shape<ModelContainer> = {
  image: needed(having('made by ModelImage, as in ModelImage.fromEcrRepository(...)', '_check')),
  artifact: shaped(ARTIFACT),
  environment: each(text),
  metrics: shaped(METRICS),
};
