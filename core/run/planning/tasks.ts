import type { Component } from '../../graph/component';
import type { ComponentCall } from '../component-call';
import { CallError, toCallError } from '../errors';
import { type NodeRecord, toErrorRecord } from '../record';
import type { Scope } from '../scope';

/** A task of a plan, checked. */
export interface TaskPlan {
  readonly id: string;
  readonly tool: Component;
  readonly input: unknown;
  /** Ids of tasks before it. */
  readonly needs: readonly string[];
  /** How many tasks are one after another up to it. */
  readonly depth: number;
  /** The same for all that say the same, to tell whether it is written again. */
  readonly json: string;
}

/** A task during a run. Times count from the start of the run. */
export interface Task extends TaskPlan {
  /** Its name on record: its id, unless that was given again. */
  recordId: string;
  /** Ends it without the others. */
  readonly scope: Scope;
  status: NodeRecord['status'] | 'waiting' | 'running';
  startMs: number;
  endMs: number;
  missing: number;
  readonly dependents: Task[];
  /** The task that let it start when it did; undefined if that was the planner. */
  readyBy: Task | undefined;
  call: ComponentCall | undefined;
  result: unknown;
  error: CallError | undefined;
}

export interface TaskServices {
  /** Milliseconds since the start of the run. */
  now(): number;
  /** The scope of one task. */
  part(): Scope;
  /** Makes the call of a task. */
  call(task: Task): ComponentCall;
  /** Told of each task that has failed, before what needs it is stopped. */
  onFailure(task: Task): void;
  /** Told of each task that is given up, whatever has become of it. */
  onGivenUp(task: Task): void;
}

const GIVEN_UP = new CallError('failed', 'the plan is written anew without this task');

export function isUnderWay({ status }: Task): boolean {
  return status === 'waiting' || status === 'running';
}

/** Whether it has ended by itself. */
function hasEnded({ status }: Task): boolean {
  return status === 'succeeded' || status === 'failed';
}

/** The tasks of a plan, each started the moment the last that it needs has ended. */
export class Tasks {
  readonly #tasks = new Map<string, Task>();
  /** In the order in which they were. */
  readonly #givenUp: Task[] = [];
  #open = 0;
  #settled: (() => void) | undefined;

  constructor(private readonly services: TaskServices) {}

  /** All that are not given up. */
  get all(): ReadonlyMap<string, Task> {
    return this.#tasks;
  }

  /** The one that ended last. */
  get last(): Task | undefined {
    let last: Task | undefined;
    for (const task of this.#tasks.values()) if (hasEnded(task) && task.endMs >= (last?.endMs ?? 0)) last = task;
    return last;
  }

  /** @param after what the planner had waited for, if it had */
  add(plan: TaskPlan, after: Task | undefined): Task {
    const needs = plan.needs.map((need) => this.#tasks.get(need)!);
    const missing = needs.filter(isUnderWay);
    const namesakes = this.#givenUp.filter(({ id }) => id === plan.id);
    for (const [i, task] of namesakes.entries()) task.recordId = `${plan.id}~${i + 1}`;
    const nowMs = this.services.now();
    const task: Task = {
      ...plan,
      recordId: plan.id,
      scope: this.services.part(),
      status: 'waiting',
      startMs: nowMs,
      endMs: nowMs,
      missing: missing.length,
      dependents: [],
      readyBy: after,
      call: undefined,
      result: undefined,
      error: undefined,
    };
    this.#tasks.set(plan.id, task);
    this.#open++;
    const failed = needs.find(({ error }) => error);
    for (const need of missing) need.dependents.push(task);
    if (failed) this.#stop(task, failed);
    else if (task.missing === 0) this.#start(task);
    return task;
  }

  /** They are of no plan any more: what is under way ends, and their ids can be given again. On record they stay. */
  giveUp(tasks: Iterable<Task>): void {
    for (const task of tasks) {
      this.#tasks.delete(task.id);
      this.#givenUp.push(task);
      this.services.onGivenUp(task);
      if (!isUnderWay(task)) continue;
      this.#cancel(task);
      task.scope.abort(GIVEN_UP);
    }
  }

  /** Resolves when nothing is under way any more. */
  settled(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#settled = resolve;
    });
  }

  /** What is under way when the node ends is over. */
  end(): void {
    for (const task of this.#tasks.values()) if (isUnderWay(task)) this.#cancel(task);
  }

  /** Whether one that is under way waits for a copy. */
  get isCold(): boolean {
    return [...this.#tasks.values()].some(({ status, call }) => status === 'running' && call!.isCold());
  }

  records(): Record<string, NodeRecord> {
    return Object.fromEntries([...this.#givenUp, ...this.#tasks.values()].map((task) => [task.recordId, record(task)]));
  }

  #start(task: Task): void {
    task.status = 'running';
    task.startMs = this.services.now();
    task.call = this.services.call(task);
    task.call.answer.then(
      (result) => this.#succeed(task, result),
      (thrown: unknown) => this.#fail(task, thrown),
    );
  }

  #succeed(task: Task, result: unknown): void {
    if (task.status !== 'running') return;
    task.result = result;
    this.#settle(task, 'succeeded');
    for (const dependent of task.dependents) {
      if (--dependent.missing > 0 || dependent.status !== 'waiting') continue;
      dependent.readyBy = task;
      this.#start(dependent);
    }
    this.#tellIfSettled();
  }

  #fail(task: Task, thrown: unknown): void {
    if (task.status !== 'running') return;
    this.#settle(task, 'failed', toCallError(thrown, task.id));
    this.services.onFailure(task);
    for (const dependent of task.dependents) this.#stop(dependent, task);
    this.#tellIfSettled();
  }

  #stop(task: Task, by: Task): void {
    if (task.status !== 'waiting') return;
    this.#settle(task, 'stopped', by.error);
    task.startMs = task.endMs;
    for (const dependent of task.dependents) this.#stop(dependent, task);
  }

  #cancel(task: Task): void {
    const isWaiting = task.status === 'waiting';
    this.#settle(task, 'cancelled');
    if (isWaiting) task.startMs = task.endMs;
  }

  #settle(task: Task, status: NodeRecord['status'], error?: CallError): void {
    task.status = status;
    task.error = error;
    task.endMs = this.services.now();
    task.call?.record(error);
    this.#open--;
  }

  #tellIfSettled(): void {
    if (this.#open === 0) this.#settled?.();
  }
}

function record({ status, startMs, endMs, tool, call, error }: Task): NodeRecord {
  const calls = call ? [call.record()] : [];
  const record = { status: status as NodeRecord['status'], startMs, endMs, component: tool.name, calls };
  return error ? { ...record, error: toErrorRecord(error) } : record;
}
