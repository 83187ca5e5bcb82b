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
 * - `RunErrors`: 1 if it failed, else 0, so that the average is the rate; of failed runs also by the dimension `kind`
 */
export const RUN_METRICS = {
  RunLatency: 'Milliseconds',
  RunOverhead: 'Milliseconds',
  CascadeDepth: 'Count',
  RunCost: 'None',
  RunErrors: 'Count',
} as const;

/**
 * Metrics of a node that started, by the dimensions `service`, `function`, `agent` and `node`, with their units.
 *
 * - `CriticalPathShare`: its part of the time of the run if it decided when the run ended, else 0
 * - `FanOutOverhead`: of a node with several calls, its time less that of the longest
 *
 * Of each call of the node:
 *
 * - `CallWait`: time in which no copy worked on it
 * - `WaitingRoomTime`: the part of it that was for a copy to become ready
 * - `ColdStarts`: 1 if it waited for a copy, else 0
 */
export const NODE_METRICS = {
  NodeLatency: 'Milliseconds',
  NodeErrors: 'Count',
  CriticalPathShare: 'Percent',
  FanOutOverhead: 'Milliseconds',
  NodeAttempts: 'Count',
  CallLatency: 'Milliseconds',
  CallWait: 'Milliseconds',
  WaitingRoomTime: 'Milliseconds',
  CallErrors: 'Count',
  ColdStarts: 'Count',
} as const;

export type RunMetric = keyof typeof RUN_METRICS;
export type NodeMetric = keyof typeof NODE_METRICS;

const KINDS: Readonly<Record<RunErrorKind, true>> = {
  retryable: true,
  throttled: true,
  'not-ready': true,
  invalid: true,
  failed: true,
  'timed-out': true,
  cancelled: true,
};

/** All values of the dimension `kind`. */
export const RUN_ERROR_KINDS = Object.keys(KINDS) as readonly RunErrorKind[];
