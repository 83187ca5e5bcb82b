import type { RunErrorKind } from '../run/errors';

/** What the runtime tells CloudWatch of runs; dashboards and alarms read it. */
export const METRICS_NAMESPACE = 'CompoundInference';

/**
 * Value of the dimension `service`, which all metrics have; so they do `function`, the name of the function that runs the
 * agent, which tells deployments of one graph apart.
 */
export const METRICS_SERVICE = 'orchestrator';

/**
 * Metrics of a run, by the dimensions `service`, `function` and `agent`, with their units.
 *
 * - `RunOverhead`: its time less that of the nodes that decided it; what the engine took
 * - `CascadeDepth`: cold starts that it met one after another
 * - `RunCost`: in US dollars
 * - `RunCopyTime`: time of copies that it took, as its share of their concurrency; left out where no copy has a price
 * - `RunErrors`: 1 if it failed, else 0, so that the average is the rate; of failed runs also by the dimension `kind`
 * - `CancelledRuns`: 1 of a run whose caller went away; left out of others
 * - `TimeToFirstText`: until the first text of a run that was read while it went on; left out of others
 *
 * A run whose caller went away says nothing of how long runs take or whether they fail: it has costs, `CancelledRuns` and
 * `TimeToFirstText` only.
 */
export const RUN_METRICS = {
  RunLatency: 'Milliseconds',
  RunOverhead: 'Milliseconds',
  CascadeDepth: 'Count',
  RunCost: 'None',
  RunCopyTime: 'Seconds',
  RunErrors: 'Count',
  CancelledRuns: 'Count',
  TimeToFirstText: 'Milliseconds',
} as const;

/**
 * Metrics of a call, with their units; by the dimensions of its node, and of a plan also by these and `component`, the name of its
 * planner or of what its tasks call. What a planner calls its tasks is no dimension.
 *
 * - `CallWait`: time in which no copy worked on it
 * - `CallService`: the rest of its latency, in which one did
 * - `WaitingRoomTime`: the part of the wait that was for a copy to become ready
 * - `ColdStarts`: 1 if it waited for a copy, else 0
 */
export const CALL_METRICS = {
  CallLatency: 'Milliseconds',
  CallWait: 'Milliseconds',
  CallService: 'Milliseconds',
  WaitingRoomTime: 'Milliseconds',
  CallErrors: 'Count',
  ColdStarts: 'Count',
} as const;

export type CallMetric = keyof typeof CALL_METRICS;

/**
 * Metrics of a node that started, by the dimensions `service`, `function`, `agent` and `node`, with their units. The calls of
 * the tasks of a plan count for its node.
 *
 * - `CriticalPathShare`: its part of the time of the run if it decided when the run ended, else 0; left out where the caller
 *   decided that
 * - `FanOutOverhead`: of a node with several calls, its time less that of the longest
 *
 * - `Hedges`: second tries made while the first went on
 * - `Spillovers`: times that a call went on to the next backend
 * - `ReusedAnswers`: calls answered from the cache, or by a try that another call was making
 *
 * The last three are left out of nodes that had none.
 *
 * - `NodeCost`: what all calls have cost, in US dollars
 * - `NodeInputTokens`, `NodeOutputTokens`: of all answers together
 *
 * These are left out where they are 0. A branch that was lost, and a node that its caller cut off, have these alone, so that nodes
 * add up to the run.
 *
 * Of each call of the node `CALL_METRICS`.
 */
export const NODE_METRICS = {
  NodeLatency: 'Milliseconds',
  NodeErrors: 'Count',
  CriticalPathShare: 'Percent',
  FanOutOverhead: 'Milliseconds',
  NodeAttempts: 'Count',
  Hedges: 'Count',
  Spillovers: 'Count',
  ReusedAnswers: 'Count',
  NodeCost: 'None',
  NodeInputTokens: 'Count',
  NodeOutputTokens: 'Count',
  ...CALL_METRICS,
} as const;

/**
 * Metrics of a run of an agent that is warmed, by the dimensions of the run, with their units.
 *
 * - `WarmUpRequests`: messages to the warmer since the last run of the process
 * - `WarmingFailures`: what could not be read or told since then; runs went on without
 * - `WarmingSavedTime`: how much longer the run would have waited if each cold start had begun with its call
 */
export const WARMING_METRICS = {
  WarmUpRequests: 'Count',
  WarmingFailures: 'Count',
  WarmingSavedTime: 'Milliseconds',
} as const;

/**
 * Metrics of requests to an agent whose tenants have limits, by the dimensions of the run, with their units. There is none of a
 * request that the limits allow.
 *
 * - `RefusedRequests`: answered 429, because their tenant had no room
 * - `UncheckedRequests`: let in, because the table of the tenants did not answer in time
 */
export const ADMISSION_METRICS = {
  RefusedRequests: 'Count',
  UncheckedRequests: 'Count',
} as const;

export type AdmissionMetric = keyof typeof ADMISSION_METRICS;
export type WarmingMetric = keyof typeof WARMING_METRICS;
export type RunMetric = keyof typeof RUN_METRICS;
export type NodeMetric = keyof typeof NODE_METRICS;

/**
 * Metrics of the copies of an inference component, each minute, with their units. Their only dimension is `InferenceComponentName`: such a
 * name is unique in its account and Region, and whoever reads them need not know who publishes them.
 *
 * - `CopiesDesired`: copies that should serve, `DesiredCopyCount` of SageMaker
 * - `CopiesInService`: copies that serve, `CurrentCopyCount` of SageMaker
 *
 * SageMaker publishes neither; what looks at components each minute does. Several may, so that a sum says nothing.
 */
export const COPY_METRICS = {
  CopiesDesired: 'Count',
  CopiesInService: 'Count',
} as const;

/** Name of the dimension of these. */
export const COPY_DIMENSION = 'InferenceComponentName';

export type CopyMetric = keyof typeof COPY_METRICS;

/**
 * Metrics of a warmer, each minute, with their units; by the dimensions `service`, which is `warmer`, and `function`.
 *
 * - `BudgetUsed`: part of the month's budget that is set aside already
 * - `SwitchedOff`: 1 while nothing is warmed because too much of what was warmed was never called, else 0
 * - `HeldComponents`: components that are held warm
 * - `Unrestored`: components whose capacity should be as it was found, and is not yet
 * - `WarmUps`: starts of components since the last minute
 */
export const WARMER_METRICS = {
  BudgetUsed: 'Percent',
  SwitchedOff: 'Count',
  HeldComponents: 'Count',
  Unrestored: 'Count',
  WarmUps: 'Count',
} as const;

/**
 * Metrics of a tuner, with each tick, with their units; by the dimensions `service`, which is `tuner`, and `function`.
 *
 * - `Changes`: changes of targets and minimums that were done
 * - `RefusedChanges`: changes that AWS refused, or of which nobody knows whether they were done
 * - `BlindComponents`: components with calls about which nothing could be decided
 * - `FrozenComponents`: components whose target is left alone, because somebody else changed it or changes did not help
 * - `FlappingComponents`: components whose target went up and down, or down and up, and back within an hour
 * - `SwitchedOff`: 1 while a person has switched it off, else 0
 */
export const TUNER_METRICS = {
  Changes: 'Count',
  RefusedChanges: 'Count',
  BlindComponents: 'Count',
  FrozenComponents: 'Count',
  FlappingComponents: 'Count',
  SwitchedOff: 'Count',
} as const;

/** Values of the dimension `service`. */
export const WARMER_SERVICE = 'warmer';
export const TUNER_SERVICE = 'tuner';

export type WarmerMetric = keyof typeof WARMER_METRICS;
export type TunerMetric = keyof typeof TUNER_METRICS;

/** Why a run failed. One whose caller went away has not failed. */
export type RunFailureKind = Exclude<RunErrorKind, 'cancelled'>;

const KINDS: Readonly<Record<RunFailureKind, true>> = {
  retryable: true,
  throttled: true,
  'not-ready': true,
  invalid: true,
  failed: true,
  'timed-out': true,
  'over-budget': true,
};

/** All values of the dimension `kind`. */
export const RUN_ERROR_KINDS = Object.keys(KINDS) as readonly RunFailureKind[];
