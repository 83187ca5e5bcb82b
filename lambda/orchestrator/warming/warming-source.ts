import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Clock } from '../../../core/run/call';
import { logUnwarmed } from '../../telemetry/log';
import type { Warming } from './warming';

/** The warming of a process, kept for as long as its configuration stays the same. Its code is loaded only where runs are warmed. */
export class WarmingSource {
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  readonly #load: () => Promise<typeof import('./make-warming')>;
  #config: RuntimeWarming | undefined;
  #warming: Promise<Warming | undefined> | undefined;

  constructor(clock: Clock, nowMs: () => number, load = () => import('./make-warming.ts')) {
    this.#clock = clock;
    this.#nowMs = nowMs;
    this.#load = load;
  }

  /** Never rejects: runs go on without. @returns undefined if nothing is warmed */
  of(config: RuntimeWarming | undefined): Promise<Warming | undefined> | undefined {
    if (config === this.#config) return this.#warming;
    this.#config = config;
    this.#warming = config && this.#make(config);
    return this.#warming;
  }

  async #make(config: RuntimeWarming): Promise<Warming | undefined> {
    try {
      const { makeWarming } = await this.#load();
      return makeWarming(config, this.#clock, this.#nowMs);
    } catch (error) {
      logUnwarmed(error);
      // The next run tries again.
      if (this.#config === config) this.#config = undefined;
      return undefined;
    }
  }
}
