import type { TokenUsage } from '../graph/chat';
import type { CallError, CallErrorKind, ServiceFault } from './errors';

/** What happened in one run. All times count from its start. */
export interface RunRecord {
  readonly graph: string;
  readonly status: RunStatus;
  readonly wallMs: number;
  /** Every node of the graph, by id; after a plan its tasks, as in `research/t1`. */
  readonly nodes: Readonly<Record<string, NodeRecord>>;
  /**
   * The nodes that decided when the run ended: each started when the one before it finished, or when a late join went on
   * without that, or, if it reads it as a stream, when that began. A plan is followed by those of its tasks that decided when it ended, within its time.
   */
  readonly criticalPath: readonly string[];
  /** Time spent inside the nodes of the critical path. */
  readonly criticalPathMs: number;
  /** Wall time less the critical path: what the engine itself took. */
  readonly overheadMs: number;
  readonly costUsd: number;
  /** Of all calls together; left out if no call has any. */
  readonly copySeconds?: number;
  readonly usage: TokenUsage;
}

export type RunStatus = 'succeeded' | 'failed' | 'timed-out' | 'cancelled';

/**
 * - `skipped`: its predicate said no
 * - `failed`: with an error; what needs it was stopped, unless the node is optional or has a default
 * - `stopped`: never started, because a node it needs failed; what needs it was stopped on the same terms
 * - `cancelled`: the run ended before the node did
 * - `lost`: aborted, or never started, because the joins that it was a branch of were decided without it; or aborted because
 *   all that read its stream had ended, and nothing needed its value any more
 */
export type NodeStatus = 'succeeded' | 'skipped' | 'failed' | 'stopped' | 'cancelled' | 'lost';

export interface NodeRecord {
  readonly status: NodeStatus;
  readonly startMs: number;
  readonly endMs: number;
  /** Each call, in order of the items; none for a function or a node that never started. */
  readonly calls: readonly CallRecord[];
  /** The nodes whose streams it read, and which it waited for while it ran. */
  readonly reads?: readonly string[];
  readonly error?: ErrorRecord;
  /** Of a plan the name of its planner, of a task of one that of the component that it calls. */
  readonly component?: string;
  /** Of a node that is lost: the node whose join was decided without it, or the last that needed it. */
  readonly lostTo?: string;
}

/** One call of a component: a node makes one, a map one for each item. */
export interface CallRecord {
  readonly startMs: number;
  readonly endMs: number;
  /** Tries that reached the backend. */
  readonly attempts: number;
  /** Time in which no copy worked on it: in the queue of the component, between tries, and for a copy to become ready. */
  readonly waitMs: number;
  /** The part of the wait that was for a copy to become ready; above 0 the call met a cold component. */
  readonly coldMs: number;
  readonly costUsd: number;
  /** Its share of the time of the copies that worked on its tries, where what that costs is known. */
  readonly copySeconds?: number;
  readonly usage?: TokenUsage;
  /** Second tries made while the first went on. */
  readonly hedges?: number;
  /** Who answered in place of a try of its own: an earlier answer, or a try that another call was making. */
  readonly from?: 'cache' | 'shared';
  /** Which of the backends of its binding answered; the first is 0. */
  readonly alternative?: number;
  /** The backends that did not take it, in the order in which they were asked. */
  readonly spills?: readonly SpillRecord[];
  readonly error?: ErrorRecord;
}

/** A backend that could not take a call, which went on to the next. */
export interface SpillRecord {
  readonly alternative: number;
  readonly why: 'not-ready' | 'throttled' | 'breaker-open' | 'busy';
}

export interface ErrorRecord {
  /** The node, and the item of a map, as in `facts[3]`. */
  readonly at: string;
  readonly kind: CallErrorKind;
  readonly message: string;
  /** The service's own words. */
  readonly service?: ServiceFault;
  /** Class of an error that the agent's own code threw: `message` is its, and may quote what the node was given. */
  readonly thrown?: string;
}

/** A record while it is written. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function toErrorRecord({ at = '', kind, message, cause, thrown }: CallError): ErrorRecord {
  const service = cause === undefined || cause instanceof Error ? undefined : (cause as ServiceFault);
  return { at, kind, message, ...(service && { service }), ...(thrown !== undefined && { thrown }) };
}

export function addUsage(a: TokenUsage, b: TokenUsage = NO_USAGE): TokenUsage {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}

const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0 };

/** What all calls of a node together took; waits of parallel calls add up. */
export function sumCalls(
  calls: readonly CallRecord[],
): Required<Pick<CallRecord, 'attempts' | 'waitMs' | 'coldMs' | 'costUsd' | 'copySeconds' | 'usage'>> {
  const sum = { attempts: 0, waitMs: 0, coldMs: 0, costUsd: 0, copySeconds: 0, usage: NO_USAGE };
  for (const { attempts, waitMs, coldMs, costUsd, copySeconds = 0, usage } of calls) {
    sum.attempts += attempts;
    sum.waitMs += waitMs;
    sum.coldMs += coldMs;
    sum.costUsd += costUsd;
    sum.copySeconds += copySeconds;
    sum.usage = addUsage(sum.usage, usage);
  }
  return sum;
}
