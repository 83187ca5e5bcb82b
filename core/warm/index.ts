export { type Activity, addCall, NO_ACTIVITY, pausesOf, type Span } from './activity';
export { ASKING_PAUSE_MS, isTimeToAsk, MAX_TOLD_RUNS } from './asking';
export type { BranchCounts, BranchHistory } from './branch';
export {
  type CapacityChange,
  type CapacityHold,
  type CapacityRelease,
  raiseCapacity,
  releaseCapacity,
  settled,
} from './capacity-hold';
export {
  COLD_START_PATHS,
  type ColdStart,
  type ColdStartPath,
  coldStartOf,
  INSTANCE_STAYS_MS,
  unusedMs,
} from './cold-start';
export {
  type ComponentRecord,
  type ComponentStart,
  type CopyCounts,
  type Decline,
  type EndedStart,
  expectedReadyAtMs,
  isDeclined,
  isKnownWarm,
  lookAt,
  type SeenTarget,
  type StartPaths,
  statusOf,
} from './component-record';
export { forecastRun } from './forecast-run';
export { type WarmGraph, type WarmNode, warmGraphOf } from './graph';
export type { IdleHistogram } from './idle-histogram';
export { type IdleWindow, type KeepAliveCosts, type KeepAlivePlan, keepAlivePlan } from './keep-alive';
export {
  branchChancesOf,
  componentColdStart,
  learnColdStart,
  learnIdleTime,
  learnRun,
  NO_KNOWLEDGE,
  type NodeOutcome,
  nodeDurationsOf,
  type WarmKnowledge,
} from './knowledge';
export { type DurationHistory, type LogNormal, meanMs, quantileMs } from './log-normal';
export { WARM_POLICIES, type WarmPolicyName } from './policies';
export {
  type ComponentStatus,
  DEFAULT_WARM_LIMITS,
  type Hold,
  type WarmAction,
  type WarmComponent,
  type WarmConfig,
  type WarmDecision,
  type WarmDecline,
  type WarmLimits,
  type WarmObservation,
  type WarmPolicy,
  type WarmState,
} from './policy';
export { isSwitchedOff } from './precision';
export { type BranchChances, type Outcomes, reachOfAny, reachProbabilities } from './reach';
export {
  type ForecastInputs,
  type NodeForecast,
  type NodeProgress,
  type OpenRequest,
  RunForecast,
} from './run-forecast';
export { monthSpentUsd } from './spend';
export { EMPTY_WARM_STATE } from './warm-book';
export { startPathsOf, warmConfigOf } from './warmed';
export {
  type FirstCall,
  type FunctionBackend,
  type ImportedModelBackend,
  type SageMakerBackend,
  WARMER_VARIABLE,
  WARMING_VARIABLE,
  type WarmedAgent,
  type WarmedBackend,
  type WarmerConfig,
  type WarmerLimits,
} from './warmer-config';
export { warmerConfigFaults } from './warmer-config-faults';
export type { EndedRun, EntryEvent, OpenRun, RunsEvent, StopEvent, TickEvent, WarmerEvent } from './warmer-event';
export { arrivalQuantileMs, type FirstArrival, firstArrivalOf, type Wish } from './wish';
export { type ComponentCosts, type CostRule, LATE, type Worth, worthOfWarming } from './worth';
