import { PlanTextError } from './plan-text-error';

/** Deeper than any input of a tool. */
const MOST_NESTED = 32;

/** Characters, with quotes: no field of a plan has a longer name, written in escapes. */
const LONGEST_NAME = 40;

/** Follows the JSON object that a plan is, from the value of its first field on, and finds its tasks. */
export class PlanObject {
  #depth = 1;
  #isInString = false;
  #isEscaped = false;
  /** The last text, or its beginning: if a colon follows, it is the name of a field. */
  #name = '';
  #isTaskList = false;
  /** Of the task that is read, as far as it is. */
  #task = '';
  #isWhole = false;

  /**
   * @param field its first
   * @param onTask given the JSON text of each task
   */
  constructor(
    private field: string | undefined,
    private readonly onTask: (json: string) => void,
  ) {}

  get isInString(): boolean {
    return this.#isInString;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** @throws PlanTextError */
  read(char: string): void {
    if (this.#task) this.#task += char;
    if (this.#isInString) this.#readString(char);
    else if (char === '{' || char === '[') this.#open(char);
    else if (char === '}' || char === ']') this.#close();
    else if (char === '"') {
      this.#isInString = true;
      this.#name = char;
    } else if (char === ':' && this.#depth === 1) this.field = fieldName(this.#name);
  }

  #readString(char: string): void {
    if (this.#name.length < LONGEST_NAME) this.#name += char;
    if (this.#isEscaped) this.#isEscaped = false;
    else if (char === '\\') this.#isEscaped = true;
    else if (char === '"') this.#isInString = false;
  }

  #open(char: string): void {
    if (++this.#depth > MOST_NESTED) throw new PlanTextError(`is nested more than ${MOST_NESTED} deep`);
    if (this.#depth === 2) this.#isTaskList = char === '[' && this.field === 'tasks';
    else if (this.#depth === 3 && char === '{' && this.#isTaskList) this.#task = char;
  }

  #close(): void {
    this.#depth--;
    if (this.#depth === 0) this.#isWhole = true;
    if (this.#depth !== 2 || !this.#task) return;
    const task = this.#task;
    this.#task = '';
    this.onTask(task);
  }
}

/** The name of a field, as JSON: with its quotes, and perhaps with escapes. Undefined if it is none. */
export function fieldName(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
