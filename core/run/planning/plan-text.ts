/** Deeper than any input of a tool. */
const MOST_NESTED = 32;

/** A text that is no plan, or not within its limits: no more of it is worth reading. */
export class PlanTextError extends Error {}

/** Reads the text of a plan as it comes: hands out each task as soon as its last character is there. */
export class PlanText {
  #text = '';
  /** How far it is read. */
  #at = 0;
  #start = -1;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #stringStart = 0;
  #lastString = '';
  #field = '';
  #taskStart = -1;
  #isWhole = false;

  /** @param onTask given the JSON text of each task, in the order in which they are written */
  constructor(
    private readonly mostCharacters: number,
    private readonly onTask: (json: string) => void,
  ) {}

  get text(): string {
    return this.#text;
  }

  /** @throws PlanTextError */
  push(part: string): void {
    if (this.#isWhole) return;
    this.#text += part;
    for (; this.#at < this.#text.length && !this.#isWhole; this.#at++) {
      if (this.#at >= this.mostCharacters) throw new PlanTextError(`has more than ${this.mostCharacters} characters`);
      this.#read(this.#text[this.#at]!);
    }
  }

  /** The JSON text of the whole plan. Models like to put it into a fence or a sentence. @throws PlanTextError */
  end(): string {
    if (this.#start < 0) throw new PlanTextError('has no JSON object');
    if (!this.#isWhole) throw new PlanTextError('is not complete: its JSON object does not end');
    return this.#text.slice(this.#start, this.#at);
  }

  #read(char: string): void {
    if (this.#isInString) this.#readString(char);
    else if (char === '{' || (char === '[' && this.#depth > 0)) this.#open(char);
    else if ((char === '}' || char === ']') && this.#depth > 0) this.#close();
    else if (this.#depth === 0) return;
    else if (char === '"') {
      this.#isInString = true;
      this.#stringStart = this.#at;
    } else if (char === ':' && this.#depth === 1) this.#field = this.#lastString;
  }

  #readString(char: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (char === '\\') this.#isEscaped = true;
    else if (char === '"') {
      this.#isInString = false;
      if (this.#depth === 1) this.#lastString = this.#text.slice(this.#stringStart + 1, this.#at);
    }
  }

  #open(char: string): void {
    if (++this.#depth > MOST_NESTED) throw new PlanTextError(`is nested more than ${MOST_NESTED} deep`);
    if (this.#depth === 1) this.#start = this.#at;
    else if (this.#depth === 3 && char === '{' && this.#field === 'tasks') this.#taskStart = this.#at;
  }

  #close(): void {
    this.#depth--;
    if (this.#depth === 2 && this.#taskStart >= 0) {
      const task = this.#text.slice(this.#taskStart, this.#at + 1);
      this.#taskStart = -1;
      this.onTask(task);
    }
    if (this.#depth === 0) this.#isWhole = true;
  }
}
