import { fieldName, PlanObject } from './plan-object';
import { PlanTextError } from './plan-text-error';
import { TagReader } from './tag-reader';

/** An object is a plan if the first of its fields is one of these. */
const FIELDS = ['tasks', 'output', 'replan'];

/** How a plan begins, up to behind the name of that field, with one space for many. No name is longer, written in escapes. */
const OPENING = /^\{ ?("[\w\\]{0,36}("( ?:?)?)?)?$/;
const SPACE = /[ \t\n\r]/;

/** What may stand before a plan that is surely meant. */
const NOTHING_SAID = /^\s*(```\w*\s*)?$/;

/**
 * Reads the text of a planner as it comes: finds the plan in it, and hands out each task as soon as its last character is
 * there.
 *
 * What stands between `<think>` and `</think>`, or `<thinking>` and `</thinking>`, is skipped. Some templates put the opening
 * tag into the prompt, so that only the closing one comes: then all before it was reasoning. A plan after any words may still be a draft in such reasoning,
 * and its tasks are held back until the text has ended.
 */
export class PlanText {
  /** Without the reasoning that has ended. */
  #text = '';
  /** How far it is read. */
  #at = 0;
  /** Of what may become a plan. */
  #opening = '';
  /** Of the plan, or of what may become one. */
  #start = 0;
  /** Behind the last character of the plan. */
  #end = 0;
  #plan: PlanObject | undefined;
  #isHeldBack = false;
  #held: string[] = [];
  /** The name of the tag of the reasoning that is read. */
  #thinking: string | undefined;
  readonly #tags = new TagReader();

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
    if (this.#isSettled) return;
    this.#text += part;
    for (let i = 0; i < part.length && !this.#isSettled; i++) {
      if (this.#at >= this.mostCharacters && !this.#thinking && !this.#plan?.isWhole) {
        throw new PlanTextError(`has more than ${this.mostCharacters} characters`);
      }
      this.#read(part[i]!);
      this.#at++;
    }
  }

  /** Hands out what was held back; the JSON text of the whole plan comes back. @throws PlanTextError */
  end(): string {
    if (this.#plan?.isWhole) {
      for (const task of this.#held) this.onTask(task);
      return this.#text.slice(this.#start, this.#end);
    }
    if (this.#thinking) throw new PlanTextError(`is not complete: its <${this.#thinking}> does not end`);
    if (this.#plan) throw new PlanTextError('is not complete: its JSON object does not end');
    throw new PlanTextError('has no JSON object that begins with "tasks", "output" or "replan"');
  }

  /** Whether nothing that follows matters. */
  get #isSettled(): boolean {
    return this.#plan?.isWhole === true && !this.#isHeldBack;
  }

  #read(char: string): void {
    if (this.#plan?.isInString) {
      this.#plan.read(char);
      return;
    }
    const tag = this.#tags.read(char);
    if (tag?.isEnd && tag.name === (this.#thinking ?? tag.name)) this.#endThought();
    else if (this.#thinking) return;
    else if (this.#plan && !this.#plan.isWhole) this.#readPlan(this.#plan, char);
    else if (tag) this.#thinking = tag.name;
    else if (!this.#plan) this.#seek(char);
  }

  #readPlan(plan: PlanObject, char: string): void {
    plan.read(char);
    if (plan.isWhole) this.#end = this.#at + 1;
  }

  #endThought(): void {
    const isAfterPlan = this.#thinking !== undefined && this.#plan !== undefined;
    this.#thinking = undefined;
    // Tasks that have begun are of no draft; the tag is a fault of their plan.
    if (isAfterPlan || (this.#plan && !this.#isHeldBack)) return;
    this.#text = this.#text.slice(this.#at + 1);
    this.#at = -1;
    this.#opening = '';
    this.#plan = undefined;
    this.#held = [];
  }

  #seek(char: string): void {
    if (this.#opening) {
      if (!SPACE.test(char)) this.#opening += char;
      else if (!this.#opening.endsWith(' ')) this.#opening += ' ';
      if (OPENING.test(this.#opening)) {
        if (char === ':') this.#openPlan();
        return;
      }
      this.#opening = '';
    }
    if (char !== '{') return;
    this.#opening = char;
    this.#start = this.#at;
  }

  #openPlan(): void {
    const field = fieldName(this.#opening.slice(1, -1));
    this.#opening = '';
    if (!FIELDS.includes(field ?? '')) return;
    this.#isHeldBack = !NOTHING_SAID.test(this.#text.slice(0, this.#start));
    this.#plan = new PlanObject(field, (task) => {
      if (this.#isHeldBack) this.#held.push(task);
      else this.onTask(task);
    });
  }
}
