/** A part of the answer to an earlier task, in the notation of plans. */
export interface Reference {
  readonly $from: string;
}

/** A text with references in it. */
export interface Template {
  readonly $text: readonly (string | Reference)[];
}

/** A plan as a planner model writes it, task by task. */
export class PlanText {
  readonly #tasks: object[] = [];

  /** @returns the id by which later tasks refer to it */
  add(tool: string, input: object): string {
    const id = `t${this.#tasks.length + 1}`;
    this.#tasks.push({ id, tool, input });
    return id;
  }

  /** @param conclusions the tasks that answer the question */
  end(conclusions: readonly string[]): string {
    const tasks = this.#tasks.map((task) => `\n  ${JSON.stringify(task)}`).join(',');
    const output = { conclusions: [...new Set(conclusions)].map((task) => from(task, 'evidence')) };
    return `{"tasks": [${tasks}],\n"output": ${JSON.stringify(output)}}`;
  }
}

export const from = (task: string, field: string): Reference => ({ $from: `${task}.${field}` });

export const text = (...parts: Template['$text']): Template => ({ $text: parts });
