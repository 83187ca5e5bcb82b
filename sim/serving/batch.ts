import { microseconds } from '../kernel/time-units';
import { type CopyProfile, checkWork, type Work } from './copy-profile';
import { PrefixCache } from './prefix-cache';
import { Sequence } from './sequence';
import { SequenceQueue } from './sequence-queue';
import { WaitingLine } from './waiting-line';

export interface BatchEvent {
  readonly kind: 'first-token' | 'done';
  readonly sequence: Sequence;
  /** A first token is out in the middle of the step after its prompt: up to half a step later than the event is known. */
  readonly atUs: number;
}

/** What rounding may leave of a finished prompt or output. */
const NO_TOKENS = 1e-6;

/** Tokens that are not yet whole, of who was sent back: without these it would come back at once, to go again. */
const ROUNDING = 2;

const MOST_LEFT = 64;

const NOTHING: readonly BatchEvent[] = [];

/**
 * One copy's continuous batch as a fluid: between two events every sequence advances at the same number of steps.
 *
 * Iterations are chunked-prefill steps as in vLLM. Within an interval the context grows by one token per sequence and
 * step, and so the time of a step grows linearly: the time of any number of steps, and its inverse, are closed forms.
 * An event costs the logarithm of the batch. When the KV cache is full, the youngest sequence goes back to the head of the
 * queue and later computes its whole context again, as in vLLM. Against two real vLLM logs the P95 of the end-to-end
 * latency is within 2.3 %; see test/sim/serving/golden.test.ts. Time is in whole microseconds and comes from the caller alone.
 */
export class Batch {
  #nowUs = 0;
  /** Steps so far, with the fraction of the one under way. */
  #steps = 0;
  /** Tokens of context of all that decode. */
  #context = 0;
  /** Tokens of the KV cache that what is admitted holds for itself, of prompts the whole from the start. */
  #held = 0;
  readonly #queue = new WaitingLine();
  /** In order of admission; some have left since. */
  #admitted: Sequence[] = [];
  #prefilling: Sequence[] = [];
  #promptLeft = 0;
  /** The same when the prompts at work last changed: steps are as large as that, however often they are looked into. */
  #promptAtChange = 0;
  readonly #decoding = new SequenceQueue();
  /** It is asked for when an event is planned and again when that comes; NaN once anything has changed. */
  #nextEventAtUs = NaN;
  /** Beside what is admitted, in the same cache. */
  readonly #prefixes = new PrefixCache();

  constructor(private readonly profile: CopyProfile) {}

  /** Sequences in the batch and its queue. */
  get size(): number {
    return this.#queue.size + this.#prefilling.length + this.#decoding.size;
  }

  /** When the batch wants to be advanced next; infinite when it is empty. */
  get nextEventAtUs(): number {
    if (Number.isNaN(this.#nextEventAtUs)) this.#nextEventAtUs = this.#planNextEvent();
    return this.#nextEventAtUs;
  }

  /** Works until `toUs` and tells what happened on the way. */
  advance(toUs: number): readonly BatchEvent[] {
    let events = NOTHING as BatchEvent[];
    while (this.#nowUs < toUs && this.#prefilling.length + this.#decoding.size > 0) {
      const nextAtUs = this.nextEventAtUs;
      const untilUs = Math.min(nextAtUs, toUs);
      const steps = this.#stepsIn((untilUs - this.#nowUs) / 1e6);
      const promptTokens = steps * this.#promptTokensPerStep();
      const halfStepUs = microseconds(this.#stepSeconds() / 2);
      this.#nextEventAtUs = NaN;
      this.#nowUs = untilUs;
      this.#steps += steps;
      this.#context += steps * this.#decoding.size;
      this.#held += steps * this.#decoding.size;
      if (untilUs < nextAtUs) {
        this.#prefillHead(promptTokens);
        continue;
      }
      if (events === NOTHING) events = [];
      this.#prefill(promptTokens, halfStepUs, events);
      this.#finish(events);
      if (this.#room < NO_TOKENS) this.#sendBackYoungest();
      else this.#admit();
    }
    if (this.#nowUs < toUs) this.#nowUs = toUs;
    return events;
  }

  /** Adds a request at the moment last advanced to. */
  add(work: Work): Sequence {
    checkWork(work);
    this.#nextEventAtUs = NaN;
    const sequence = new Sequence(work, this.#nowUs);
    this.#queue.push(sequence);
    this.#admit();
    return sequence;
  }

  /** Takes out a request at the moment last advanced to; its place is free at once. One that is over is left alone. */
  remove(sequence: Sequence): void {
    this.#nextEventAtUs = NaN;
    if (!this.#queue.remove(sequence)) this.#giveUpPlace(sequence);
    this.#admit();
  }

  /** How many tokens of a request are out at a moment before the next event; it changes nothing. */
  tokensOut({ work, doneAtStep, outBefore }: Sequence, atUs: number): number {
    const stepsLeft = doneAtStep - this.#steps - this.#stepsIn((atUs - this.#nowUs) / 1e6);
    // Infinite steps are left of what is still in its prompt.
    return Math.max(outBefore, work.outputTokens - Math.max(0, Math.ceil(stepsLeft - NO_TOKENS)));
  }

  #giveUpPlace(sequence: Sequence): void {
    if (this.#prefilling.includes(sequence)) {
      this.#prefilling = this.#prefilling.filter((other) => other !== sequence);
      this.#promptLeft -= sequence.promptLeft;
      this.#leave(sequence);
      this.#changePrompts();
    } else if (this.#decoding.remove(sequence)) {
      this.#leave(sequence);
    }
  }

  /** First come, first served, while a prompt still fits, and a step of all that decode. */
  #admit(): void {
    const { maxSequences, kvCacheTokens } = this.profile;
    for (let { head } = this.#queue; head !== undefined; head = this.#queue.head) {
      const active = this.#prefilling.length + this.#decoding.size;
      if (active >= maxSequences) return;
      const { prefix } = head.work;
      const sharedTokens = prefix && this.#prefixes.has(prefix) ? prefix.tokens : 0;
      const needed = head.prompt - sharedTokens + this.#decoding.size + ROUNDING;
      if (active > 0 && this.#held + needed + this.#prefixes.usedTokensWith(prefix) > kvCacheTokens) return;
      this.#queue.remove(head);
      this.#take(head, sharedTokens);
    }
  }

  #take(sequence: Sequence, sharedTokens: number): void {
    sequence.isAdmitted = true;
    sequence.promptLeft = sequence.prompt;
    if (sharedTokens > 0) {
      sequence.sharedTokens = sharedTokens;
      sequence.promptLeft -= sharedTokens;
      this.#prefixes.use(sequence.work.prefix!);
    }
    this.#held += sequence.promptLeft;
    this.#prefixes.shrinkTo(this.profile.kvCacheTokens - this.#held);
    this.#promptLeft += sequence.promptLeft;
    this.#prefilling.push(sequence);
    this.#changePrompts();
    this.#admitted.push(sequence);
    // Those that left in the middle do not pile up.
    if (this.#admitted.length > 2 * this.size + MOST_LEFT) {
      this.#admitted = this.#admitted.filter(({ isAdmitted }) => isAdmitted);
    }
  }

  /**
   * Tokens that the cache still takes before a sequence has to go. Any number if there is only one, which keeps its place
   * whatever its size, and while a prompt is at work: its step is not broken off.
   */
  get #room(): number {
    const decoding = this.#decoding.size;
    if (this.#prefilling.length > 0 || decoding < 2) return Infinity;
    return this.profile.kvCacheTokens - this.#held - this.#prefixes.usedTokensWith(undefined) - decoding;
  }

  /** To the head of the queue: what it has said stays said, but its context is to be computed again. */
  #sendBackYoungest(): void {
    let youngest = this.#admitted.pop()!;
    while (!youngest.isAdmitted) youngest = this.#admitted.pop()!;
    this.#decoding.remove(youngest);
    youngest.outBefore = youngest.work.outputTokens - Math.ceil(youngest.doneAtStep - this.#steps - NO_TOKENS);
    this.#leave(youngest);
    youngest.prompt = youngest.work.promptTokens + youngest.outBefore - 1;
    youngest.doneAtStep = Infinity;
    this.#queue.pushFront(youngest);
  }

  #changePrompts(): void {
    // What rounding has left of prompts that are through or gone would make the next step a microsecond longer.
    if (this.#prefilling.length === 0) this.#promptLeft = 0;
    this.#promptAtChange = this.#promptLeft;
    const head = this.#prefilling[0];
    if (head !== undefined && Number.isNaN(head.startedAtUs)) head.startedAtUs = this.#nowUs;
  }

  #planNextEvent(): number {
    const steps = this.#stepsToEvent();
    if (steps === Infinity) return Infinity;
    return this.#nowUs + Math.max(1, Math.ceil(this.#secondsOf(steps) * 1e6));
  }

  /** Steps until the first prompt is through, or the shortest output is, or the cache is full. */
  #stepsToEvent(): number {
    const first = this.#decoding.peek();
    const toDone = first === undefined ? Infinity : Math.max(0, first.doneAtStep - this.#steps);
    const head = this.#prefilling[0];
    const perStep = this.#promptTokensPerStep();
    const toPromptEnd = head === undefined || perStep <= 0 ? Infinity : head.promptLeft / perStep;
    const toFull = first === undefined ? Infinity : Math.max(0, this.#room) / this.#decoding.size;
    return Math.min(toDone, toPromptEnd, toFull);
  }

  #promptTokensPerStep(): number {
    return Math.min(this.profile.maxStepTokens - this.#decoding.size, this.#promptAtChange);
  }

  /** Of the step that begins now. */
  #stepSeconds(): number {
    const { base, perPromptToken, perSequence, perContextToken } = this.profile.stepSeconds;
    return (
      base +
      perPromptToken * this.#promptTokensPerStep() +
      perSequence * this.#decoding.size +
      perContextToken * this.#context
    );
  }

  /** By how much a step takes longer than the one before. */
  #growthSeconds(): number {
    return this.profile.stepSeconds.perContextToken * this.#decoding.size;
  }

  #secondsOf(steps: number): number {
    return steps * (this.#stepSeconds() + (this.#growthSeconds() * steps) / 2);
  }

  /** Inverse of `#secondsOf`, in a form that is exact where steps do not grow. */
  #stepsIn(seconds: number): number {
    const step = this.#stepSeconds();
    return (2 * seconds) / (step + Math.sqrt(step * step + 2 * this.#growthSeconds() * seconds));
  }

  /** Less than what is left of the first prompt. */
  #prefillHead(tokens: number): void {
    const head = this.#prefilling[0];
    if (head === undefined) return;
    head.promptLeft -= tokens;
    this.#promptLeft -= tokens;
  }

  #prefill(tokens: number, halfStepUs: number, events: BatchEvent[]): void {
    let left = tokens;
    for (let head = this.#prefilling[0]; head !== undefined && left > 0; head = this.#prefilling[0]) {
      const served = Math.min(left, head.promptLeft);
      head.promptLeft -= served;
      this.#promptLeft -= served;
      left -= served;
      if (head.promptLeft > NO_TOKENS) return;
      this.#prefilling.shift();
      this.#changePrompts();
      this.#decode(head, halfStepUs, events);
    }
  }

  #decode(sequence: Sequence, halfStepUs: number, events: BatchEvent[]): void {
    const { work, prompt, outBefore } = sequence;
    sequence.decodesFromStep = this.#steps;
    // The step that ends a prompt brings a token.
    sequence.doneAtStep = this.#steps + work.outputTokens - outBefore - 1;
    this.#context += prompt;
    this.#share(sequence);
    this.#decoding.push(sequence);
    if (outBefore > 0) return;
    sequence.firstTokenAtUs = this.#nowUs + halfStepUs;
    events.push({ kind: 'first-token', sequence, atUs: sequence.firstTokenAtUs });
  }

  #finish(events: BatchEvent[]): void {
    for (let first = this.#decoding.peek(); first !== undefined; first = this.#decoding.peek()) {
      if (first.doneAtStep > this.#steps + NO_TOKENS) return;
      this.#decoding.pop();
      this.#leave(first);
      events.push({ kind: 'done', sequence: first, atUs: Math.max(this.#nowUs, first.firstTokenAtUs) });
    }
  }

  /** What it has computed of its prefix is there for others from now on. */
  #share(sequence: Sequence): void {
    const { prefix } = sequence.work;
    if (prefix === undefined || sequence.sharedTokens > 0) return;
    this.#prefixes.use(prefix);
    sequence.sharedTokens = prefix.tokens;
    this.#held -= prefix.tokens;
  }

  /** Gives back what a sequence held; it is among the others no more. */
  #leave(sequence: Sequence): void {
    const { work, prompt, sharedTokens, decodesFromStep } = sequence;
    const decoded = decodesFromStep === Infinity ? 0 : this.#steps - decodesFromStep;
    if (decodesFromStep < Infinity) this.#context -= prompt + decoded;
    this.#held -= prompt + decoded - sharedTokens;
    if (this.#decoding.size === 0) {
      this.#context = 0;
      if (this.#prefilling.length === 0) this.#held = 0;
    }
    if (sharedTokens > 0) this.#prefixes.release(work.prefix!);
    sequence.sharedTokens = 0;
    sequence.decodesFromStep = Infinity;
    sequence.isAdmitted = false;
  }
}
