import type { Component } from './component';
import type { NodeBase } from './definition';
import type { Schema } from './schema';

/**
 * Lets a planner model write a plan of calls to tools, and makes each call as soon as its own text is complete and what it
 * refers to is there. The planner is the component that the node calls.
 */
export interface PlanNode extends NodeBase, PlanOptions {
  readonly kind: 'plan';
  readonly call: Component;
  readonly tools: readonly Component[];
  /** What is to be planned, as a chat request. */
  readonly input: (values: any) => unknown;
  readonly output?: Schema;
}

/** What bounds a plan. */
export interface PlanOptions {
  readonly limits?: PlanLimits;
  /** How often the planner is told what is wrong with its plan before the node fails. @default 1 */
  readonly repairs?: number;
  /** How often the planner may go on once it has seen results, or failures. @default 0 */
  readonly replans?: number;
}

export interface PlanLimits {
  /** Most tasks, over all plans of the node. @default 20 */
  readonly tasks?: number;
  /** Most tasks one after another. @default 6 */
  readonly depth?: number;
  /** Most tasks that need the same one, or none. @default 10 */
  readonly fanOut?: number;
  /** Most characters of one plan. @default 32000 */
  readonly characters?: number;
  /** What planner and tasks may cost together, in US dollars. @default - what the run may */
  readonly costUsd?: number;
}

export const PLAN_LIMITS = { tasks: 20, depth: 6, fanOut: 10, characters: 32_000, costUsd: Infinity };

/** The value of a plan. */
export interface PlanValue<Result = unknown, Output = unknown> {
  /** What the tasks answered, by their ids. */
  readonly results: Readonly<Record<string, Result>>;
  /** What the plan says that comes of it. */
  readonly output: Output;
}
