export type { RunRecordLevel } from '../core/api/config-variable';
export type { Binding, HttpSecret, Price } from '../core/graph/binding';
export type { InferenceInstanceFacts } from '../core/serving/instance-facts';
export { PRICES_AS_OF, type PriceSource } from '../core/serving/prices-as-of';
export type { FirstCall } from '../core/warm';
export { Agent, type AgentProps } from './agent/agent';
export { AgentApi, AgentApiGrants, type AgentApiProps } from './agent/agent-api';
export type { AgentBundling } from './agent/agent-bundling';
export type { AgentAttributes, AgentObjective, IAgent } from './agent/agent-ref';
export {
  ApiAuthorization,
  type ApiKeysOptions,
  type ApiQuota,
  type ApiTenant,
  type ApiThrottling,
} from './agent/api-authorization';
export { type JwtOptions, JwtUse } from './agent/jwt-options';
export type { TenantAllowance, TenantLimits } from './agent/tenant-limits';
export { BedrockModelGrants } from './bindings/bedrock-model-grants';
export type { BindingOptions, RegionalBindingOptions } from './bindings/binding-options';
export { FoundationModel } from './bindings/foundation-model';
export { HttpService, type HttpServiceProps } from './bindings/http-service';
export { type ApplicationInferenceProfileAttributes, InferenceProfile } from './bindings/inference-profile';
export { LambdaTool, LambdaToolGrants } from './bindings/lambda-tool';
export {
  SageMakerEndpoint,
  type SageMakerEndpointAttributes,
  SageMakerEndpointGrants,
  type SageMakerEndpointOptions,
} from './bindings/sagemaker-endpoint';
export { Spillover, type SpilloverOptions } from './bindings/spillover';
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
export { InferenceInstanceType } from './fleet/instance-type';
export type { ModelArtifact } from './fleet/model-artifact';
export { ModelImage } from './fleet/model-image';
export { CopyBatch, type RollingUpdate } from './fleet/rolling-update';
export { type PrefixAwareRoutingOptions, RoutingStrategy } from './fleet/routing-strategy';
export { type ConsolidationOptions, ScaleInPolicy } from './fleet/scale-in-policy';
export { ImportedModel } from './models/imported-model';
export { ModelArchitecture, type ModelArchitectureOptions } from './models/imported-model-architecture';
export { ImportedModelBase } from './models/imported-model-base';
export { ImportedModelGrants } from './models/imported-model-grants';
export type { ImportedModelProps, ImportNetwork, ModelWeights } from './models/imported-model-props';
export type { IImportedModel, ImportedModelOptions } from './models/imported-model-ref';
export { AgentAlarms, type AgentAlarmsOptions, type AgentAlarmsProps } from './observability/agent-alarms';
export { AgentApiAlarms, type AgentApiAlarmsProps } from './observability/agent-api-alarms';
export { AgentDashboard, type AgentDashboardProps } from './observability/agent-dashboard';
export { AgentMetrics, type CallMetricOptions } from './observability/agent-metrics';
export { PolicyTuner } from './scaling/policy-tuner';
export type {
  PolicyTunerOptions,
  PolicyTunerProps,
  TunedComponentOptions,
  TuningMechanisms,
} from './scaling/policy-tuner-props';
export {
  type CopyScalingOptions,
  type CopySchedule,
  ScalableCopies,
  type ScalableCopiesProps,
} from './scaling/scalable-copies';
export { ScaleFromZero, type ScaleFromZeroProps } from './scaling/scale-from-zero';
export { TunerAlarms, type TunerAlarmsOptions, type TunerAlarmsProps } from './scaling/tuner-alarms';
export { TunerMetrics } from './scaling/tuner-metrics';
export { TuningMode } from './scaling/tuning-mode';
export { Prewarming } from './warming/prewarming';
export {
  PrewarmingAlarms,
  type PrewarmingAlarmsOptions,
  type PrewarmingAlarmsProps,
} from './warming/prewarming-alarms';
export { PrewarmingMetrics } from './warming/prewarming-metrics';
export type { PrewarmedComponent, PrewarmingOptions, PrewarmingProps } from './warming/prewarming-props';
export { WarmingPolicy } from './warming/warming-policy';
