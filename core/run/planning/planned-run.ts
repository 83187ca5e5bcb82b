import type { ChatAnswer, ChatInput } from '../../graph/chat';
import type { PlanValue } from '../../graph/planned';
import { formatIssues, validate } from '../../graph/schema';
import { CallError, SchemaError } from '../errors';
import type { PlanRun, PlanSite } from '../plan-site';
import type { NodeRecord } from '../record';
import { askToGoOn, askToRepair } from './further';
import { planInstructions, withInstructions } from './instructions';
import type { ReadPlan } from './plan-reader';
import { PlanTextError } from './plan-text-error';
import { PlanTries } from './plan-tries';
import { PlanValueError, resolve } from './references';
import { spendingWithin } from './spending';
import { type Task, Tasks } from './tasks';
import { TextParts } from './text-parts';

/** Everything that is wrong with the last plan of a planner. Quotes what it wrote. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  constructor(readonly faults: readonly string[]) {
    super(`the plan has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** A plan node under way: the planner writes, tasks run, and where it must the planner writes again. */
export class PlannedRun implements PlanRun {
  readonly value: Promise<PlanValue>;
  readonly #tasks: Tasks;
  readonly #spending;
  /** Of tasks that could not even be called as they were written. */
  readonly #misfits = new Map<Task, string>();
  /** Tasks whose tools failed, of which the planner has not been told yet. */
  readonly #failed = new Set<Task>();
  /** Those of which it has. They are given up. */
  readonly #told: Task[] = [];
  /** What the planner is writing. */
  #tries: PlanTries | undefined;
  #replansLeft: number;
  #repairsLeft: number;
  /** The task that the planner waited for last, and when it had its last word. */
  #after: Task | undefined;
  #plannedMs = 0;
  #fail!: (error: unknown) => void;

  constructor(private readonly site: PlanSite) {
    const { node, spending } = site;
    const { replans = 0, repairs = 1, limits } = node;
    this.#replansLeft = replans;
    this.#repairsLeft = repairs;
    this.#spending = spendingWithin(spending, limits?.costUsd);
    this.#tasks = new Tasks({
      now: () => site.now(),
      part: () => site.scope.part(),
      call: (task) => this.#call(task),
      onFailure: (task) => this.#onFailure(task),
      onGivenUp: (task) => {
        this.#misfits.delete(task);
        this.#failed.delete(task);
      },
    });
    this.value = new Promise((settle, fail) => {
      this.#fail = fail;
      this.#run().then(settle, fail);
    });
  }

  end(): void {
    this.#tasks.end();
  }

  isCold(): boolean {
    return this.#tasks.isCold;
  }

  records(): Record<string, NodeRecord> {
    return this.#tasks.records();
  }

  path(): string[] {
    const { last } = this.#tasks;
    const path: string[] = [];
    let task = last && last.endMs >= this.#plannedMs ? last : this.#after;
    for (; task; task = task.readyBy) path.unshift(task.recordId);
    return path;
  }

  async #run(): Promise<PlanValue> {
    const { node, values } = this.site;
    let request = withInstructions(node.input(values) as ChatInput, planInstructions(node));
    for (;;) {
      const plan = await this.#read(request);
      this.#throwFailed();
      let { faults } = plan;
      if (faults.length === 0) {
        await this.#tasks.settled();
        this.#throwFailed();
      }
      faults = [...faults, ...this.#misfits.values()];
      if (faults.length === 0) {
        if (this.#failed.size === 0 && !plan.isUnfinished) {
          const end = await this.#output(plan);
          if (!end.faults) return { results: this.#results(), output: end.output };
          faults = end.faults;
        } else {
          this.#replansLeft--;
          this.#waitedForLast();
          request = askToGoOn(request, plan, [...this.#tasks.all.values()]);
          this.#told.push(...this.#failed);
          this.#tasks.giveUp(this.#failed);
          continue;
        }
      }
      if (this.#repairsLeft-- === 0) throw invalidPlan(faults);
      this.#waitedForLast();
      request = askToRepair(request, plan, faults, this.#begun(), this.#told);
    }
  }

  async #read(request: ChatInput): Promise<ReadPlan> {
    const { node, scope } = this.site;
    const parts = new TextParts();
    const part = scope.part();
    const made = this.site.call({
      component: node.call,
      input: () => request,
      at: node.id,
      scope: part,
      spending: this.#spending,
      take: parts.take,
    });
    made.answer.then(
      (answer) => parts.end((answer as ChatAnswer).text),
      () => parts.end(),
    );
    this.#tasks.giveUp(this.#neverCalled());
    const reading = { node, failed: this.#told, mayReplan: this.#replansLeft > 0 };
    const tries = new PlanTries(reading, this.#tasks, this.#after);
    this.#tries = tries;
    try {
      for await (const text of parts) {
        tries.push(text);
        this.#throwFailed();
      }
      await made.answer;
      return tries.end();
    } catch (error) {
      if (!(error instanceof PlanTextError)) throw error;
      part.abort(new CallError('failed', 'what follows in the plan is not read'));
      return tries.broken(error);
    } finally {
      this.#tries = undefined;
      this.#plannedMs = this.site.now();
    }
  }

  #call(task: Task) {
    const { node } = this.site;
    return this.site.call({
      component: task.tool,
      input: () => this.#inputOf(task),
      at: `${node.id}/${task.id}`,
      scope: task.scope,
      spending: this.#spending,
    });
  }

  #inputOf({ tool, input }: Task): unknown {
    const value = resolve(input, (id) => this.#tasks.all.get(id)!.result);
    // What has no schema is a chat model.
    if (tool.input || typeof value === 'string') return value;
    throw new PlanValueError(`the input of ${tool.name} must be a text`);
  }

  /** What a tool refuses before it is called is the planner's fault, and what it answers with the tool's. */
  #onFailure(task: Task): void {
    const error = task.error!;
    const { cause } = error;
    if (cause instanceof PlanValueError) this.#misfits.set(task, `${task.id}: ${cause.message}`);
    else if (cause instanceof SchemaError && error.kind === 'invalid') {
      this.#misfits.set(task, `${task.id}.input: ${formatIssues(cause.issues)}`);
    } else {
      this.#failed.add(task);
      // The try that wrote it may have broken off by now: whether it goes on shows when more of it comes.
      const stands = !this.#tries || this.#tries.isBefore(task);
      if (stands && this.#replansLeft === 0) this.#fail(error);
    }
  }

  /** Ends the node if there can be no further plan. @throws CallError of a task that has failed and counts */
  #throwFailed(): void {
    const failed = [...this.#failed].find((task) => this.#tries?.has(task) ?? true);
    if (failed && this.#replansLeft === 0) throw failed.error!;
  }

  /** The planner is asked again: if anything has ended since the last time, that was what it waited for. */
  #waitedForLast(): void {
    const { last } = this.#tasks;
    if (last && last.endMs >= (this.#after?.endMs ?? 0)) this.#after = last;
  }

  async #output({ output }: ReadPlan): Promise<{ output?: unknown; faults?: readonly string[] }> {
    try {
      const value = resolve(output, (id) => this.#tasks.all.get(id)!.result);
      const { output: schema } = this.site.node;
      if (!schema) return { output: value };
      const checked = await validate(schema, value);
      if (!checked.issues) return { output: checked.value };
      return { faults: checked.issues.map(({ path, message }) => `output${path && `.${path}`}: ${message}`) };
    } catch (error) {
      if (error instanceof PlanValueError) return { faults: [`output: ${error.message}`] };
      throw error;
    }
  }

  /** Those that what they need, or their tool, kept from being called. */
  #neverCalled(): Task[] {
    return [...this.#tasks.all.values()].filter((task) => task.status === 'stopped' || this.#misfits.has(task));
  }

  #begun(): Task[] {
    const never = new Set(this.#neverCalled());
    return [...this.#tasks.all.values()].filter((task) => !never.has(task));
  }

  #results(): Record<string, unknown> {
    const succeeded = [...this.#tasks.all.values()].filter(({ status }) => status === 'succeeded');
    return Object.fromEntries(succeeded.map(({ id, result }) => [id, result]));
  }
}

/** Its message tells where, and not what the planner wrote. */
function invalidPlan(faults: readonly string[]): CallError {
  const [where = 'the plan'] = /^tasks\[\d+\](\.(id|tool|input|needs))?|^output/.exec(faults[0]!) ?? [];
  const message = `the planner made no valid plan: the last has ${faults.length} fault(s), the first in ${where}`;
  return new CallError('failed', message, { cause: new PlanError(faults) });
}
