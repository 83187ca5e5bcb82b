export { Agent, type AgentProps } from './agent/agent';
export type { AgentBundling } from './agent/agent-bundling';
export type { AgentObjective, IAgent } from './agent/agent-ref';
export { FoundationModel } from './bindings/foundation-model';
export { HttpService } from './bindings/http-service';
export { InferenceProfile } from './bindings/inference-profile';
export { LambdaTool } from './bindings/lambda-tool';
export { SageMakerEndpoint } from './bindings/sagemaker-endpoint';
export type { CapacityMetrics, ComponentBindOptions, IComponent } from './component';
export { ConfigurationError, type ConfigurationFault } from './errors';
export { AdapterComponent, type AdapterComponentOptions, type AdapterComponentProps } from './fleet/adapter-component';
export { InferenceComponentGrants } from './fleet/component-grants';
export { type CopyPlacement, PlacementStrategy } from './fleet/copy-placement';
export type { CopyResources, FleetMember, IInferenceFleet } from './fleet/fleet-ref';
export {
  InferenceComponent,
  type InferenceComponentAttributes,
  type InferenceComponentOptions,
  type InferenceComponentProps,
} from './fleet/inference-component';
export { InferenceComponentBase } from './fleet/inference-component-base';
export type { IInferenceComponent } from './fleet/inference-component-ref';
export { InferenceFleet } from './fleet/inference-fleet';
export { InferenceFleetBase } from './fleet/inference-fleet-base';
export type { InferenceFleetAttributes, InferenceFleetProps } from './fleet/inference-fleet-props';
export { type ContainerMetrics, InferenceModel, type ModelContainer } from './fleet/inference-model';
export { type InferenceInstanceFacts, InferenceInstanceType } from './fleet/instance-type';
export type { ModelArtifact } from './fleet/model-artifact';
export { ModelImage } from './fleet/model-image';
export { CopyBatch, type RollingUpdate } from './fleet/rolling-update';
export { type PrefixAwareRoutingOptions, RoutingStrategy } from './fleet/routing-strategy';
export { type ConsolidationOptions, ScaleInPolicy } from './fleet/scale-in-policy';
export {
  type CopyScalingOptions,
  type CopySchedule,
  ScalableCopies,
  type ScalableCopiesProps,
} from './scaling/scalable-copies';
export { ScaleFromZero, type ScaleFromZeroProps } from './scaling/scale-from-zero';
