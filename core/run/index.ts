export type { Call, Caller, CallResult, Clock, Timer } from './call';
export type { CallRate } from './call-meter';
export type { CopyRate } from './copy-use';
export { Engine, type EngineServices, type RunOptions, type RunResult } from './engine';
export { CallError, type CallErrorKind, InputError, RunError, type RunErrorKind, type ServiceFault } from './errors';
export type { RunEvent, TextEvent } from './events';
export type { Planning } from './plan-site';
export type { CallPolicies, PolicyServices } from './policies';
export {
  type CallRecord,
  type ErrorRecord,
  type NodeRecord,
  type NodeStatus,
  type RunRecord,
  type RunStatus,
  type SpillRecord,
  sumCalls,
} from './record';
export type { WorkClass } from './work-class';
