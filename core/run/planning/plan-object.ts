import { PlanTextError } from './plan-text-error';

/** Deeper than any input of a tool. */
const MOST_NESTED = 32;

/** Follows the JSON object that a plan is, from the value of its first field on, and finds its tasks. */
export class PlanObject {
  #depth = 1;
  #isInString = false;
  #isEscaped = false;
  #stringStart = 0;
  #stringEnd = 0;
  #isTaskList = false;
  #taskStart = -1;
  #end = -1;

  /**
   * @param field its first
   * @param start index of its brace in the text
   * @param textOf a part of the text up to the character that is read
   * @param onTask given where each task is, from its first character to behind its last
   */
  constructor(
    private field: string | undefined,
    private readonly start: number,
    private readonly textOf: (from: number, to: number) => string,
    private readonly onTask: (from: number, to: number) => void,
  ) {}

  get isInString(): boolean {
    return this.#isInString;
  }

  get isWhole(): boolean {
    return this.#end >= 0;
  }

  get text(): string {
    return this.textOf(this.start, this.#end);
  }

  /** @throws PlanTextError */
  read(char: string, at: number): void {
    if (this.#isInString) this.#readString(char, at);
    else if (char === '{' || char === '[') this.#open(char, at);
    else if (char === '}' || char === ']') this.#close(at);
    else if (char === '"') {
      this.#isInString = true;
      this.#stringStart = at;
    } else if (char === ':' && this.#depth === 1) {
      this.field = fieldName(this.textOf(this.#stringStart, this.#stringEnd));
    }
  }

  #readString(char: string, at: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (char === '\\') this.#isEscaped = true;
    else if (char === '"') {
      this.#isInString = false;
      this.#stringEnd = at + 1;
    }
  }

  #open(char: string, at: number): void {
    if (++this.#depth > MOST_NESTED) throw new PlanTextError(`is nested more than ${MOST_NESTED} deep`);
    if (this.#depth === 2) this.#isTaskList = char === '[' && this.field === 'tasks';
    else if (this.#depth === 3 && char === '{' && this.#isTaskList) this.#taskStart = at;
  }

  #close(at: number): void {
    this.#depth--;
    if (this.#depth === 0) this.#end = at + 1;
    if (this.#depth !== 2 || this.#taskStart < 0) return;
    const start = this.#taskStart;
    this.#taskStart = -1;
    this.onTask(start, at + 1);
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
