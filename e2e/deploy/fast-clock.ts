import { join } from 'node:path';

/** The time of model imports: an hour of theirs is some seconds, and all who take part go by it. */
export class FastClock {
  readonly #start = Date.now();

  /** @param speed how many times as fast as real */
  constructor(private readonly speed: number) {}

  /** Milliseconds since 1970. */
  readonly now = () => this.#start + (Date.now() - this.#start) * this.speed;

  /** For the emulator and its functions. */
  get environment(): Record<string, string> {
    return {
      SFN_WAIT_SCALE: String(1 / this.speed),
      NODE_OPTIONS: `--require=${JSON.stringify(join(__dirname, 'fast-clock.cjs'))}`,
      E2E_CLOCK_START: String(this.#start),
      E2E_CLOCK_SPEED: String(this.speed),
    };
  }
}
