export type {
  BackendBinding,
  BedrockBinding,
  Binding,
  Bindings,
  HttpBinding,
  LambdaBinding,
  Price,
  SageMakerBinding,
  SpilloverBinding,
  SpilloverRules,
} from './binding';
export { GraphBuilder, type GraphOptions, graph } from './builder';
export {
  type BreakerOptions,
  type CacheOptions,
  type CallPolicyOptions,
  type HedgeOptions,
  RECOMMENDED_POLICIES,
} from './call-policies';
export type { ChatAnswer, ChatInput, ChatMessage, ChatRequest, TokenUsage } from './chat';
export type { ChatMapping } from './chat-model';
export {
  type Component,
  type ComponentKind,
  type CustomFormat,
  model,
  retriever,
  tool,
  type WireFormat,
} from './component';
export type { ComputeContext, GraphTimeout, NodeTimeout, RetryPolicy } from './definition';
export type { ComponentDescription, GraphDescription, NodeDescription } from './describe';
export { GraphError, type GraphFault } from './errors';
export { type ComponentNames, Graph } from './graph';
export type { Join, JoinBranch, JoinGroup, LateJoin } from './join';
export type { PlanLimits, PlanOptions, PlanValue } from './planned';
export type { InputOf, JsonSchema, OutputOf, Schema } from './schema';
export { type StreamNeed, streamOf } from './stream';
