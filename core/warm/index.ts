export type { BranchCounts, BranchHistory } from './branch';
export { type ColdStart, type ColdStartPath, coldStartOf } from './cold-start';
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
  type WarmLimits,
  type WarmObservation,
  type WarmPolicy,
  type WarmState,
} from './policy';
export { type BranchChances, type Outcomes, reachOfAny, reachProbabilities } from './reach';
export {
  type ForecastInputs,
  type NodeForecast,
  type NodeProgress,
  type OpenRequest,
  RunForecast,
} from './run-forecast';
export { EMPTY_WARM_STATE } from './warm-book';
export { arrivalQuantileMs, type FirstArrival, firstArrivalOf, mergeWishes, type Wish } from './wish';
export { type ComponentCosts, type CostRule, type Worth, worthOfWarming } from './worth';
