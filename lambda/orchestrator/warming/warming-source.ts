import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Clock } from '../../../core/run/call';
import type { Warming } from './warming';

/** The warming of a process, kept for as long as its configuration stays the same. Its code is loaded only where runs are warmed. */
export class WarmingSource {
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  #config: RuntimeWarming | undefined;
  #warming: Promise<Warming> | undefined;

  constructor(clock: Clock, nowMs: () => number) {
    this.#clock = clock;
    this.#nowMs = nowMs;
  }

  /** @returns undefined if nothing is warmed */
  of(config: RuntimeWarming | undefined): Promise<Warming> | undefined {
    if (config === this.#config) return this.#warming;
    this.#config = config;
    this.#warming = config && this.#make(config);
    return this.#warming;
  }

  async #make(config: RuntimeWarming): Promise<Warming> {
    const { makeWarming } = await import('./make-warming.ts');
    return makeWarming(config, this.#clock, this.#nowMs);
  }
}
