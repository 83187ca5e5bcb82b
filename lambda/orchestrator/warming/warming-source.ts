import type { RuntimeWarming } from '../../../core/api/config-variable';
import type { Clock } from '../../../core/run/call';
import { DynamoBoard } from '../../warm-board/dynamo-board';
import { tellWarmer } from './tell-warmer';
import { Warming } from './warming';

/** Nothing waits for the board, so what is slow is given up, and nothing is tried twice. */
const BOARD = { timeoutMs: 1_000, maxAttempts: 1, isConsistent: false };

/** The warming of a process, kept for as long as its configuration stays the same. */
export class WarmingSource {
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  #config: RuntimeWarming | undefined;
  #warming: Warming | undefined;

  constructor(clock: Clock, nowMs: () => number) {
    this.#clock = clock;
    this.#nowMs = nowMs;
  }

  /** @returns undefined if nothing is warmed */
  of(config: RuntimeWarming | undefined): Warming | undefined {
    if (config === this.#config) return this.#warming;
    this.#config = config;
    this.#warming = config && this.#make(config);
    return this.#warming;
  }

  #make(config: RuntimeWarming): Warming {
    const board = new DynamoBoard({ ...BOARD, table: config.table });
    return new Warming(config, {
      board,
      tell: tellWarmer(config.functionName),
      nowMs: this.#nowMs,
      clock: this.#clock,
    });
  }
}
