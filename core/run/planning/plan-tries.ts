import { PlanReader, type Reading, type ReadPlan } from './plan-reader';
import type { PlanTextError } from './plan-text-error';
import type { Task, TaskPlan, Tasks } from './tasks';
import type { TextPart } from './text-parts';

/**
 * Reads one plan, of which a try may break off and another begin. What the first has begun goes on as long as the other
 * says the same, and is given up from where they part.
 */
export class PlanTries {
  readonly #before: ReadonlyMap<string, Task>;
  /** What tries that broke off have begun and the one that is read has not written. */
  readonly #broken = new Map<string, Task>();
  /** Those before, and those of the try that is read. */
  #plan!: Map<string, Task>;
  #reader!: PlanReader;

  /** @param after what the planner had waited for, if it had */
  constructor(
    private readonly reading: Omit<Reading, 'tasks' | 'begin'>,
    private readonly tasks: Tasks,
    private readonly after: Task | undefined,
  ) {
    this.#before = new Map(tasks.all);
    this.#begin();
  }

  /** @throws PlanTextError if no more of it is worth reading */
  push({ text, startsAnew }: TextPart): void {
    if (startsAnew) {
      for (const [id, task] of this.#plan) if (!this.#before.has(id)) this.#broken.set(id, task);
      this.#begin();
    }
    this.#reader.push(text);
  }

  /** Whether a task is of a plan before, so that it stands whatever becomes of the try that is read. */
  isBefore(task: Task): boolean {
    return this.#before.get(task.id) === task;
  }

  /** Whether the try that is read, or a plan before, has written a task. */
  has(task: Task): boolean {
    return this.#plan.get(task.id) === task;
  }

  end(): ReadPlan {
    const plan = this.#reader.end();
    this.#giveUpBroken();
    return plan;
  }

  /** What there is of a plan that was not read to its end. */
  broken(error: PlanTextError): ReadPlan {
    this.#giveUpBroken();
    return this.#reader.broken(error);
  }

  #begin(): void {
    const plan = new Map(this.#before);
    this.#plan = plan;
    this.#reader = new PlanReader({
      ...this.reading,
      tasks: plan,
      begin: (task) => plan.set(task.id, this.#add(task)),
    });
  }

  #add(task: TaskPlan): Task {
    const known = this.#broken.get(task.id);
    if (known?.json === task.json) {
      this.#broken.delete(task.id);
      return known;
    }
    this.#giveUpBroken();
    return this.tasks.add(task, this.after);
  }

  #giveUpBroken(): void {
    this.tasks.giveUp(this.#broken.values());
    this.#broken.clear();
  }
}
