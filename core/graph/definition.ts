import type { ChatMapping } from './chat-model';
import type { Component } from './component';
import type { Join } from './join';
import type { PlanNode } from './planned';
import type { Schema } from './schema';

/** A graph as plain data and functions: what the builder makes, the checks check and the scheduler runs. */
export interface GraphDefinition {
  readonly name: string;
  readonly description?: string;
  readonly input: Schema;
  readonly output?: Schema;
  readonly timeout?: GraphTimeout;
  readonly retry?: RetryPolicy;
  /** Once a run has cost so much, in US dollars, it makes no further call. A caller's budget can only lower it. */
  readonly budgetUsd?: number;
  /** How it is a chat model, as far as its schemas do not say it. */
  readonly chat?: ChatMapping;
  /** Names of the components of which spans hold what they are asked and what they answer; none if left out. */
  readonly traceContents?: readonly string[];
  /** In the order of definition, which is a topological order. */
  readonly nodes: readonly NodeDefinition[];
  readonly result: ResultDefinition;
}

export type NodeDefinition = CallNode | MapNode | ComputeNode | PlanNode;

/** The outputs of the nodes that a node needs, by id, and the run's `input`. */
export type Values = Readonly<Record<string, any>>;

/** Calls a component once. */
export interface CallNode extends NodeBase {
  readonly kind: 'call';
  readonly call: Component;
  readonly input: (values: Values) => unknown;
  /** Its text is passed on while it is written. */
  readonly stream?: boolean;
}

/** Calls a component once for each item of a list that is known at run time only. */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly over: (values: Values) => readonly unknown[] | AsyncIterable<unknown>;
  readonly call: Component;
  readonly input: (item: any, values: any, index: number) => unknown;
  /** Most items in flight at once. */
  readonly concurrency?: number;
  /** Its answers are passed on as they come, in the order of the items. */
  readonly stream?: boolean;
}

/** Calls a function without effects. */
export interface ComputeNode extends NodeBase {
  readonly kind: 'compute';
  readonly run: (values: any, context: ComputeContext) => unknown;
  /** What it yields is passed on at once, and its value is the list of it. */
  readonly stream?: boolean;
}

export interface ComputeContext {
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
}

export interface NodeBase extends NodeOptions {
  readonly id: string;
  readonly needs: readonly string[];
  /** The needs that it reads while they are written: it starts when they have begun. */
  readonly reads?: readonly string[];
  /** How many of the needs it waits for; for all of them, whatever became of them, if left out. */
  readonly join?: Join;
  /** Whether the node runs at all; skipped if false. */
  readonly when?: (values: any) => boolean;
  /** Stands in for a value that was skipped, failed or stopped. On a map: for that of an item that failed. */
  readonly default?: unknown;
}

export interface NodeOptions {
  /** A failure, its own or of what it needs, leaves the value undefined instead of stopping what needs it. On a map: that of an item. */
  readonly optional?: boolean;
  readonly timeout?: NodeTimeout;
  readonly retry?: RetryPolicy;
}

export interface NodeTimeout {
  /** From the node's start to its end: queueing, waiting for a copy and retries included. */
  readonly nodeMs?: number;
  /**
   * From a try's start to the first part of its answer; the try is repeated if attempts are left. A node that streams has
   * its first part with its first token, be that of its reasoning. The answers of AWS services to other nodes come in one
   * part, so there it bounds the whole try.
   */
  readonly firstChunkMs?: number;
  /**
   * Between two parts of an answer, where it comes in several, as that of a node that streams; the try is repeated if
   * attempts are left and nothing of the answer was passed on.
   */
  readonly idleMs?: number;
}

export interface GraphTimeout extends NodeTimeout {
  /** The whole run. A caller's deadline can only shorten it. */
  readonly totalMs?: number;
}

/** Exponential backoff with full jitter: a random delay up to `min(capMs, baseMs * 2 ** tries)`. */
export interface RetryPolicy {
  /** Tries in all. @default 3 */
  readonly attempts?: number;
  /** @default 100 */
  readonly baseMs?: number;
  /** @default 5000 */
  readonly capMs?: number;
}

export interface ResultDefinition {
  readonly needs: readonly string[];
  readonly run: (values: any) => unknown;
}

/** Whether something stands in for a value that failed: the node's own, or that of each item of a map. */
export function hasFallback(node: NodeDefinition): boolean {
  return node.optional === true || 'default' in node;
}

/** Whether something stands in for the whole value of a node. */
export function standsIn(node: NodeDefinition): boolean {
  return node.kind !== 'map' && hasFallback(node);
}

/** What stands in, a copy for each use: one run must not see what another did to it. */
export function fallbackOf(node: NodeDefinition): unknown {
  return structuredClone(node.default);
}
