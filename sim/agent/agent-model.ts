import type { RetryPolicy } from '../../core/graph/definition';
import type { HedgePolicy } from '../../core/run/hedge';
import type { Distribution } from '../workload/distribution';

/** An agent graph and what its nodes ask of their components, as plain data. */
export interface AgentModel {
  /** Each after the nodes it needs. */
  readonly nodes: readonly AgentNode[];
  /** Most time of a run; it is given up then, and counts as failed. */
  readonly timeoutMs: number;
  /** @default the engine's own */
  readonly retry?: RetryPolicy;
  /** The orchestrator's own time. @default 5 ms a run and 1 ms a call */
  readonly orchestration?: { readonly runMs: number; readonly callMs: number };
}

export interface AgentNode {
  readonly id: string;
  readonly needs: readonly string[];
  /** Absent for a pure function, which takes no time. */
  readonly component?: string;
  /** Share of runs that take this branch, or of those of each client by its name: none of a client that is left out. @default 1 */
  readonly probability?: number | Readonly<Record<string, number>>;
  /** Items of a map; each is a call. @default - one call */
  readonly items?: Distribution;
  /** Calls of a map in flight at once. @default all */
  readonly concurrency?: number;
  /** Second tries of slow calls. @default - none */
  readonly hedge?: HedgePolicy;
  /** Work of a call to a model. @default the request's own tokens */
  readonly promptTokens?: Distribution;
  readonly outputTokens?: Distribution;
  /** With what the prompts of its calls begin, and are longer by a token at least. @default - nothing that they share */
  readonly sharedPrefix?: SharedPrefix;
}

/** A system prompt, or one of several that are equally common: one for each customer, or each document. */
export interface SharedPrefix {
  readonly tokens: number;
  /** @default 1 */
  readonly variants?: number;
}

export const MOST_VARIANTS = 2 ** 20;
