import { fieldName, PlanObject } from './plan-object';
import { PlanTextError } from './plan-text-error';
import { Tag } from './tag';

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
 * What stands between `<think>` and `</think>` is skipped. Some templates put the opening tag into the prompt, so that only
 * the closing one comes: then all before it was reasoning. A plan after any words may still be a draft in such reasoning,
 * and its tasks are held back until the text has ended.
 */
export class PlanText {
  /** Without the reasoning that has ended. */
  #text = '';
  /** How far it is read. */
  #at = 0;
  /** Of what may become a plan. */
  #opening = '';
  #openingStart = 0;
  #plan: PlanObject | undefined;
  #isHeldBack = false;
  #held: string[] = [];
  #isThinking = false;
  readonly #thought = new Tag('<think>');
  readonly #endOfThought = new Tag('</think>');

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
      if (this.#at >= this.mostCharacters && !this.#isThinking && !this.#plan?.isWhole) {
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
      return this.#plan.text;
    }
    if (this.#isThinking) throw new PlanTextError('is not complete: its <think> does not end');
    if (this.#plan) throw new PlanTextError('is not complete: its JSON object does not end');
    throw new PlanTextError('has no JSON object that begins with "tasks", "output" or "replan"');
  }

  /** Whether nothing that follows matters. */
  get #isSettled(): boolean {
    return this.#plan?.isWhole === true && !this.#isHeldBack;
  }

  #read(char: string): void {
    const plan = this.#plan;
    if (plan?.isInString) plan.read(char, this.#at);
    else if (this.#endOfThought.endsWith(char)) this.#endThought();
    else if (this.#isThinking) return;
    else if (plan && !plan.isWhole) plan.read(char, this.#at);
    else if (this.#thought.endsWith(char)) this.#isThinking = true;
    else if (!plan) this.#seek(char);
  }

  #endThought(): void {
    const isAfterPlan = this.#isThinking && this.#plan !== undefined;
    this.#isThinking = false;
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
    this.#openingStart = this.#at;
  }

  #openPlan(): void {
    const field = fieldName(this.#opening.slice(1, -1));
    this.#opening = '';
    if (!FIELDS.includes(field ?? '')) return;
    const textOf = (from: number, to: number) => this.#text.slice(from, to);
    this.#isHeldBack = !NOTHING_SAID.test(textOf(0, this.#openingStart));
    this.#plan = new PlanObject(field, this.#openingStart, textOf, (from, to) => {
      if (this.#isHeldBack) this.#held.push(textOf(from, to));
      else this.onTask(textOf(from, to));
    });
  }
}
