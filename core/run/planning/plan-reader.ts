import { isObject } from '../../graph/field-faults';
import { PLAN_LIMITS, type PlanNode } from '../../graph/planned';
import { show } from '../../graph/show';
import { canonicalJson } from './canonical-json';
import { PlanText } from './plan-text';
import { PlanTextError } from './plan-text-error';
import { inspect } from './references';
import { isUnderWay, type Task, type TaskPlan } from './tasks';

/** What a planner has written, once it has ended. */
export interface ReadPlan {
  readonly text: string;
  /** What is wrong with it, for the planner. */
  readonly faults: readonly string[];
  readonly output?: unknown;
  /** Whether the planner wants to see results before it goes on. */
  readonly isUnfinished?: boolean;
}

export interface Reading {
  readonly node: Pick<PlanNode, 'tools' | 'limits'>;
  /** The tasks so far. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** Those that failed, as the planner has been told; they are none of the tasks any more. */
  readonly failed: readonly Task[];
  readonly mayReplan: boolean;
  /** Takes each task as soon as it is written, and puts it among the tasks. */
  readonly begin: (task: TaskPlan) => void;
}

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Reads one plan, as its text comes, by the checks of graphs: ids, needs, tools and limits. */
export class PlanReader {
  readonly #text: PlanText;
  readonly #limits: typeof PLAN_LIMITS;
  readonly #faults: string[] = [];
  /** Ids of this text; those of tasks with faults are not begun. */
  readonly #ids = new Set<string>();
  /** Ids of those that are begun. */
  readonly #begun = new Set<string>();
  #count = 0;

  constructor(private readonly reading: Reading) {
    this.#limits = { ...PLAN_LIMITS, ...reading.node.limits };
    this.#text = new PlanText(this.#limits.characters, (json) => this.#readTask(json));
  }

  /** @throws PlanTextError if no more of it is worth reading */
  push(part: string): void {
    this.#text.push(part);
  }

  /** What there is of a plan that was not read to its end. */
  broken({ message }: PlanTextError): ReadPlan {
    return { text: this.#text.text, faults: [...this.#faults, `the plan ${message}`] };
  }

  end(): ReadPlan {
    let plan: unknown;
    try {
      plan = JSON.parse(this.#text.end());
    } catch (error) {
      if (error instanceof PlanTextError) return this.broken(error);
      return this.broken(new PlanTextError(`is no JSON: ${(error as Error).message}`));
    }
    return this.#readWhole(plan as Readonly<Record<string, unknown>>);
  }

  #readWhole(plan: Readonly<Record<string, unknown>>): ReadPlan {
    const { tasks, output, replan } = plan;
    const isUnfinished = replan === true;
    const fault = (message: string) => this.#faults.push(message);
    if (replan !== undefined && typeof replan !== 'boolean') {
      fault(`replan must be true or left out, got: ${show(replan)}`);
    }
    for (const field of Object.keys(plan)) {
      if (!['tasks', 'output', 'replan'].includes(field)) fault(`${show(field)} is no field of a plan`);
    }
    if (!Array.isArray(tasks)) fault('tasks must be a list');
    else {
      for (const [i, task] of tasks.entries()) if (!isObject(task)) fault(`tasks[${i}] must be an object`);
    }
    if (isUnfinished && !this.reading.mayReplan) fault('replan is not possible any more: end the plan with output');
    if (!isUnfinished && output === undefined) fault('output is missing: end the plan with it');
    const needs = new Set<string>();
    this.#faults.push(...inspect(output, 'output', needs));
    for (const need of needs) this.#checkNeed('output', need);
    return { text: this.#text.text, faults: this.#faults, output, isUnfinished };
  }

  #readTask(text: string): void {
    const at = `tasks[${this.#count++}]`;
    if (this.#count > this.#limits.tasks) throw new PlanTextError(`has more than ${this.#limits.tasks} tasks`);
    let written: unknown;
    try {
      written = JSON.parse(text);
    } catch (error) {
      this.#faults.push(`${at} is no JSON: ${(error as Error).message}`);
      return;
    }
    const { id, tool: name, input, needs: listed = [] } = written as Readonly<Record<string, unknown>>;
    const before = this.#faults.length;
    const tool = this.reading.node.tools.find((each) => each.name === name);
    const needs = new Set<string>();
    this.#faults.push(
      ...fieldFaults(written as object, at),
      ...inspect(input, `${at}.input`, needs),
      ...(tool ? [] : [`${at}.tool must be one of ${this.#toolNames()}, got: ${show(name)}`]),
    );
    const isList = Array.isArray(listed) && listed.every((need) => typeof need === 'string');
    if (isList) for (const need of listed) needs.add(need);
    else this.#faults.push(`${at}.needs must be a list of ids`);
    const json = canonicalJson([name, input, [...needs].sort()]);
    const isNew = this.#checkId(at, id, json);
    const areKnown = [...needs].map((need) => this.#checkNeed(at, need)).every(Boolean);
    if (typeof id === 'string') this.#ids.add(id);
    if (!isNew || !areKnown || this.#faults.length > before) return;
    this.#begin(at, { id: id as string, tool: tool!, input, needs: [...needs], json });
  }

  #begin(at: string, task: Omit<TaskPlan, 'depth'>): void {
    const { tasks, failed } = this.reading;
    const { tasks: most, depth: deepest, fanOut } = this.#limits;
    if (tasks.size + failed.length >= most) throw new PlanTextError(`has more than ${most} tasks, with those before`);
    const needs = task.needs.map((need) => tasks.get(need)!);
    const depth = 1 + Math.max(0, ...needs.map((need) => need.depth));
    const before = this.#faults.length;
    if (depth > deepest) this.#faults.push(`${at} makes ${depth} tasks one after another, and ${deepest} are the most`);
    if (needs.length === 0 && this.#countRoots() >= fanOut) {
      this.#faults.push(`${at} is one of more than ${fanOut} tasks that need none`);
    }
    for (const { id } of needs) {
      const users = [...tasks.values()].filter((each) => each.needs.includes(id)).length;
      if (users >= fanOut) this.#faults.push(`${at} is one of more than ${fanOut} tasks that need ${show(id)}`);
    }
    if (this.#faults.length > before) return;
    this.#begun.add(task.id);
    this.reading.begin({ ...task, depth });
  }

  /** Tasks that need none: those of this text, fast or slow, and of those before what is still under way. */
  #countRoots(): number {
    const isOne = (task: Task) => task.needs.length === 0 && (this.#begun.has(task.id) || isUnderWay(task));
    return [...this.reading.tasks.values()].filter(isOne).length;
  }

  /** Whether it is a task to begin: planners write again what has begun, and if it is the same nothing is wrong. */
  #checkId(at: string, id: unknown, json: string): boolean {
    const fault = (message: string) => {
      this.#faults.push(`${at}.id ${message}, got: ${show(id)}`);
      return false;
    };
    if (typeof id !== 'string' || !ID.test(id)) {
      return fault('must be a name (a letter, then up to 63 letters, digits, "_" or "-")');
    }
    if (id in {}) return fault('must not be what objects inherit');
    if (this.#ids.has(id)) return fault('is defined twice: give each task an id of its own');
    const begun = this.reading.tasks.get(id);
    if (!begun) return true;
    return begun.json === json ? false : fault('is of a task that has begun: give this one another id');
  }

  /** Whether what needs it can begin. What has failed since the planner was asked is not the planner's fault. */
  #checkNeed(at: string, need: string): boolean {
    const { tasks, failed } = this.reading;
    if (tasks.has(need)) return true;
    // What is wrong with a task of this plan is told there.
    if (this.#ids.has(need)) return false;
    const why = failed.some(({ id }) => id === need)
      ? 'which has failed: write it again before this one, or do without'
      : 'and no task before it is named so';
    this.#faults.push(`${at} needs ${show(need)}, ${why}`);
    return false;
  }

  #toolNames(): string {
    return this.reading.node.tools.map((tool) => tool.name).join(', ');
  }
}

function* fieldFaults(task: object, at: string): Iterable<string> {
  for (const field of Object.keys(task)) {
    if (!['id', 'tool', 'input', 'needs'].includes(field)) yield `${at} has no field ${show(field)}`;
  }
}
