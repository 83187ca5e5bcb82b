import type { Component } from '../graph/component';
import type { Values } from '../graph/definition';
import type { PlanNode } from '../graph/planned';
import type { ComponentCall, Spending, TakeText } from './component-call';
import type { NodeRecord } from './record';
import type { Scope } from './scope';

/** Runs plan nodes. Apart from the engine: an agent without plans does without it. */
export interface Planning {
  begin(site: PlanSite): PlanRun;
}

/** The circumstances of a plan node in a run. */
export interface PlanSite {
  readonly node: PlanNode;
  readonly values: Values;
  readonly scope: Scope;
  readonly spending: Spending;
  /** Milliseconds since the start of the run. */
  now(): number;
  call(call: PlannedCall): ComponentCall;
}

export interface PlannedCall {
  readonly component: Component;
  readonly input: () => unknown;
  /** The node, and its task, as in `research/t1`. */
  readonly at: string;
  readonly scope: Scope;
  readonly spending: Spending;
  readonly take?: TakeText;
}

/** A plan node under way. */
export interface PlanRun {
  readonly value: Promise<unknown>;
  /** What has become of its tasks, by id. */
  records(): Readonly<Record<string, NodeRecord>>;
  /** Ids of the tasks that decided when the node ended, one after another. */
  path(): readonly string[];
  /** Whether a task waits for a copy. */
  isCold(): boolean;
  /** The node has ended: what its tasks still do is not recorded. */
  end(): void;
}
