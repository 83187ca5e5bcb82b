import { MINUTE_MS } from '../../../core/time-units';
import type { TunedStack } from './tuned-stack';

/** Callers notice answers so late at most. */
const STEP_MS = 250;

/** Long enough that the prompts of others hold a call up: what it takes follows the calls in hand. */
const PROMPT = 'x'.repeat(12_000);
export const ANSWER = 'x'.repeat(2400);

/** Callers of whom each asks again as soon as it is answered; what they wait is what copies take. */
export class Callers {
  #latenciesMs: number[] = [];
  readonly #end = new AbortController();
  readonly #all: Promise<unknown>;

  constructor(
    private readonly stack: TunedStack,
    count: number,
  ) {
    this.#all = Promise.all(Array.from({ length: count }, () => this.#ask()));
  }

  /** Lets a minute pass, and publishes what the calls that ended in it took. */
  async minute(): Promise<readonly number[]> {
    this.#latenciesMs = [];
    for (let passedMs = 0; passedMs < MINUTE_MS; passedMs += STEP_MS) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.stack.clock.advance(STEP_MS);
    }
    await this.stack.publish(this.#latenciesMs);
    return this.#latenciesMs;
  }

  async leave(): Promise<void> {
    this.#end.abort();
    await this.#all;
  }

  async #ask(): Promise<void> {
    const model = this.stack.world.model('sagemaker/writer-ic')!;
    if (model.kind !== 'chat-model') throw new Error('no chat model');
    const { signal } = this.#end;
    while (!signal.aborted) {
      const askedAtMs = this.stack.world.nowMs;
      await model.answer({ messages: [{ role: 'user', content: PROMPT }] }, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!signal.aborted) this.#latenciesMs.push(this.stack.world.nowMs - askedAtMs);
    }
  }
}
