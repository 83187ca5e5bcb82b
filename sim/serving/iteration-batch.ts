import { microseconds } from '../kernel/time-units';
import { type CopyProfile, checkWork, type Work } from './copy-profile';
import { PrefixCache } from './prefix-cache';

export interface IterationEvent {
  readonly kind: 'first-token' | 'done';
  readonly sequence: IterationSequence;
  readonly atUs: number;
}

/** A request in a batch. */
export interface IterationSequence {
  readonly work: Work;
}

interface State extends IterationSequence {
  /** Tokens whose keys and values are still to be computed before the next token comes out. */
  promptLeft: number;
  /** Tokens in the KV cache. */
  context: number;
  /** Of these, and of the prompt that is left, what the copy keeps for others too. */
  shared: number;
  outputLeft: number;
}

interface Step {
  readonly endUs: number;
  readonly prefills: readonly { readonly state: State; readonly tokens: number }[];
  readonly decodes: readonly State[];
}

/**
 * One copy's continuous batch, step by step, as the scheduler of vLLM runs it: a cross-check of the fluid `Batch`, whose
 * doors it has, at some forty times the cost.
 *
 * A step decodes one token of every sequence whose prompt is done, goes on with prompts under way, and admits from the
 * queue in order of arrival while tokens, places and KV cache last. A request that comes during a step waits for the
 * next. Tokens are out at the end of their step. If the cache cannot take a step's tokens, the youngest sequence goes
 * back to the head of the queue and later computes its whole context again (vLLM, `vllm/v1/core/sched/scheduler.py`,
 * with `scheduler_reserve_full_isl`). Time is in whole microseconds and comes from the caller alone.
 */
export class IterationBatch {
  #nowUs = 0;
  #step: Step | undefined;
  readonly #queue: State[] = [];
  /** In order of admission. */
  #running: State[] = [];
  /** Beside what runs, in the same cache. */
  readonly #prefixes = new PrefixCache();

  constructor(private readonly profile: CopyProfile) {}

  /** Sequences in the batch and its queue. */
  get size(): number {
    return this.#queue.length + this.#running.length;
  }

  /** When the step under way ends; infinite when the batch is empty. What is added later than asked misses that step. */
  get nextEventAtUs(): number {
    return this.size === 0 ? Infinity : this.#currentStep().endUs;
  }

  /** Works until `toUs` and tells what happened on the way. */
  advance(toUs: number): IterationEvent[] {
    const events: IterationEvent[] = [];
    while (this.#nowUs < toUs && this.size > 0) {
      const step = this.#currentStep();
      if (step.endUs > toUs) break;
      this.#nowUs = step.endUs;
      this.#step = undefined;
      this.#finish(step, events);
    }
    this.#nowUs = Math.max(this.#nowUs, toUs);
    return events;
  }

  /** Adds a request at the moment last advanced to. @throws RangeError for less than a token, or parts of one. */
  add(work: Work): IterationSequence {
    if (!isCount(work.promptTokens) || !isCount(work.outputTokens)) {
      throw new RangeError(`work must have whole numbers of tokens, at least 1 each, got: ${JSON.stringify(work)}`);
    }
    checkWork(work);
    const state: State = { work, promptLeft: work.promptTokens, context: 0, shared: 0, outputLeft: work.outputTokens };
    this.#queue.push(state);
    return state;
  }

  #currentStep(): Step {
    this.#step ??= this.#begin();
    return this.#step;
  }

  #begin(): Step {
    const { base, perPromptToken, perSequence, perContextToken } = this.profile.stepSeconds;
    const hasPreempted = this.#preempt();
    const decodes = this.#running.filter((state) => state.promptLeft === 0);
    let budget = this.profile.maxStepTokens - decodes.length;
    const prefills: { state: State; tokens: number }[] = [];
    const prefill = (state: State) => {
      const tokens = Math.min(state.promptLeft, budget);
      if (tokens === 0) return;
      budget -= tokens;
      prefills.push({ state, tokens });
    };

    this.#running.forEach(prefill);
    while (!hasPreempted && budget > 0 && this.#canAdmit()) {
      const state = this.#queue.shift()!;
      this.#running.push(state);
      this.#takePrefix(state);
      prefill(state);
    }
    this.#prefixes.shrinkTo(this.profile.kvCacheTokens - sum(this.#running, reserved));

    const promptTokens = sum(prefills, ({ tokens }) => tokens);
    const context = sum(decodes, (state) => state.context);
    const seconds = base + perPromptToken * promptTokens + perSequence * decodes.length + perContextToken * context;
    return { endUs: this.#nowUs + Math.max(1, microseconds(seconds)), prefills, decodes };
  }

  #canAdmit(): boolean {
    const head = this.#queue[0];
    if (!head || this.#running.length >= this.profile.maxSequences) return false;
    const { prefix } = head.work;
    const needed = head.promptLeft - (prefix && this.#prefixes.has(prefix) ? prefix.tokens : 0);
    const taken = sum(this.#running, reserved) + this.#prefixes.usedTokensWith(prefix);
    return this.#running.length === 0 || taken + needed <= this.profile.kvCacheTokens;
  }

  /** Begins after the prefix, if that is there. */
  #takePrefix(state: State): void {
    const { prefix } = state.work;
    if (prefix === undefined || !this.#prefixes.has(prefix)) return;
    this.#prefixes.use(prefix);
    state.shared = prefix.tokens;
    state.promptLeft -= prefix.tokens;
    state.context += prefix.tokens;
  }

  /** Keeps the prefix that a prompt which is through has computed. */
  #keepPrefix(state: State): void {
    const { prefix } = state.work;
    if (prefix === undefined || state.shared > 0) return;
    this.#prefixes.use(prefix);
    state.shared = prefix.tokens;
  }

  #releasePrefix(state: State): void {
    if (state.shared > 0) this.#prefixes.release(state.work.prefix!);
    state.shared = 0;
  }

  /** Makes room for this step's tokens. A sequence alone keeps its place whatever its size. */
  #preempt(): boolean {
    const needed = () =>
      sum(this.#running, (state) => reserved(state) + (state.promptLeft === 0 ? 1 : 0)) +
      this.#prefixes.usedTokensWith(undefined);
    const before = this.#running.length;
    while (needed() > this.profile.kvCacheTokens && this.#running.length > 1) {
      const youngest = this.#running.pop()!;
      this.#releasePrefix(youngest);
      youngest.promptLeft += youngest.context;
      youngest.context = 0;
      this.#queue.unshift(youngest);
    }
    return this.#running.length < before;
  }

  #finish({ prefills, decodes }: Step, events: IterationEvent[]): void {
    for (const state of decodes) state.context += 1;
    for (const { state, tokens } of prefills) {
      state.promptLeft -= tokens;
      state.context += tokens;
    }
    for (const state of [...decodes, ...prefills.map((prefill) => prefill.state)]) {
      if (state.promptLeft > 0) continue;
      this.#keepPrefix(state);
      if (state.outputLeft === state.work.outputTokens) {
        events.push({ kind: 'first-token', sequence: state, atUs: this.#nowUs });
      }
      state.outputLeft -= 1;
      if (state.outputLeft > 0) continue;
      this.#releasePrefix(state);
      events.push({ kind: 'done', sequence: state, atUs: this.#nowUs });
    }
    this.#running = this.#running.filter((state) => state.outputLeft > 0);
  }
}

const isCount = (tokens: number) => Number.isInteger(tokens) && tokens >= 1;

/** What a sequence holds of the cache for itself, its whole prompt from the start. */
const reserved = (state: State) => state.context + state.promptLeft - state.shared;

function sum<T>(items: readonly T[], amountOf: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += amountOf(item);
  return total;
}
