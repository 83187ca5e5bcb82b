export {
  type ArrivalEnvelope,
  type ArrivalSlot,
  NO_ENVELOPE,
  observeArrivals,
  usualArrivals,
} from './arrival-envelope';
export { type Attribution, attributeBreach, type LoadSigns } from './attribution';
export { type BurstConfig, type BurstGuard, type BurstObservation, guardBurst, type RaiseMinimum } from './burst-guard';
export { type CanaryJudgement, type CanaryVerdict, judgeCanary, type OutcomeMinute, watchMs } from './canary';
export { type CapacityFloor, capacityFloor, type FloorConfig } from './capacity-floor';
export { type ChangeHistory, type ChangeRequest, changeRefusal, NO_CHANGES, recordWrite } from './change-budget';
export { type Cooldowns, cooldowns } from './cooldowns';
export type { Decision } from './decision';
export { type DemandHistory, NO_DEMAND, observeDemand } from './demand-history';
export { evidenceWindowMinutes, LONGEST_WINDOW_MINUTES } from './evidence-window';
export { fisherPValue, type Outcomes } from './fisher';
export { isUsable, type LatencyFit, learnLatency, NO_FIT, predictP95Ms } from './latency-fit';
export {
  bandPercentiles,
  judgeP95,
  type LatencyDistribution,
  measureP95,
  type P95Band,
  type P95Judgement,
  type P95Verdict,
  SLACK_SAMPLES,
} from './p95-verdict';
export { type StepDirection, safeStep, type TargetBounds } from './safe-step';
export { type CalibratedSplit, calibrateSplit } from './split/calibrate';
export { correctionPeriodMs, correctSplit, judgedFromMs } from './split/correct';
export { componentCriticality, nodeCriticality } from './split/criticality';
export { anyBranchLate, branchQuantile } from './split/fan-out';
export type { Need, ShapeNode } from './split/graph-shape';
export { missBudgets } from './split/miss-budgets';
export { type GraphPath, mostProbablePaths } from './split/paths';
export { type DrawnRequest, drawRequests, type MeasuredRun } from './split/requests';
export { splitPaths } from './split/split-paths';
export { splitSeries } from './split/split-series';
export {
  type BudgetPath,
  InfeasibleObjectiveError,
  type ObjectiveSplit,
  type SplitStage,
  type Stage,
} from './split/stage';
export { timeShares } from './split/time-shares';
export { componentDemand, componentVisits, reachProbabilities, visitRatios } from './split/visit-ratios';
export { proposeTarget, type TargetProposal } from './target-proposal';
export {
  describeAction,
  type PolicyAction,
  type RecommendInstance,
  type RecommendMaximum,
  type RestorePolicy,
  type SetMinimum,
  type SetTarget,
  type TunerAction,
} from './tuner/actions';
export { ALL_MECHANISMS, type ComponentConfig, type Mechanisms, type TunerConfig } from './tuner/config';
export type { ComponentObservation, TunerObservation } from './tuner/observation';
export { observationFault } from './tuner/observation-fault';
export type { LivePolicy } from './tuner/policy-watch';
export { type ComponentState, NO_TUNER_STATE, type TunerState } from './tuner/state';
export { tune } from './tuner/tune';
