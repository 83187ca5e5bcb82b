import { CONFIG_VARIABLE, isRemote, type RuntimeConfig } from '../../core/api/config-variable';
import type { CallRecord, RunRecord } from '../../core/run/record';
import type { ConfigError } from '../config/config-error';
import { logStaleConfig } from '../telemetry/log';
import { readConfig } from './config';

/** Least time between two looks at a secret that may have changed: a backend may refuse every call, and for other reasons. */
export const LOOK_AGAIN_MS = 60_000;

/**
 * The configuration of a process: read once, by all runs that wait for it; anew if that failed.
 *
 * A deployment replaces the function's environments when its variables change, but not when only the secret does: an
 * imported model that was updated has a new ARN. So a refused call makes the next run look at the secret again.
 */
export class ConfigSource {
  #config: RuntimeConfig | undefined;
  #reading: Promise<RuntimeConfig> | undefined;
  #readAtMs = 0;
  #isInDoubt = false;

  /** @param given instead of what the environment says */
  constructor(given: RuntimeConfig | undefined) {
    this.#config = given;
    // While the function starts, so that its first run finds it there, or tells why it is not.
    if (!given && isRemote(process.env[CONFIG_VARIABLE])) this.#read().catch(() => {});
  }

  /** @throws ConfigError */
  read(): RuntimeConfig | Promise<RuntimeConfig> {
    return this.#config && !this.#isInDoubt ? this.#config : this.#read();
  }

  /** Learns from a run whether its backends are still there. */
  observe(record: RunRecord): void {
    if (Object.values(record.nodes).some(({ calls }) => calls.some(wasRefused))) this.doubt();
  }

  /** Makes the next run look at the secret again. */
  doubt(): void {
    if (!isRemote(process.env[CONFIG_VARIABLE]) || Date.now() - this.#readAtMs < LOOK_AGAIN_MS) return;
    this.#isInDoubt = true;
  }

  #read(): Promise<RuntimeConfig> {
    this.#reading ??= this.#readAnew().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAnew(): Promise<RuntimeConfig> {
    const before = this.#config;
    this.#isInDoubt = false;
    this.#readAtMs = Date.now();
    try {
      const config = await readConfig(process.env[CONFIG_VARIABLE]);
      // The same object while nothing has changed: clients and their connections go with it.
      this.#config = JSON.stringify(config) === JSON.stringify(before) ? before : config;
      return this.#config!;
    } catch (error) {
      if (!before) throw error;
      logStaleConfig((error as ConfigError).message);
      return before;
    }
  }
}

/** By the service, as one that does not know the resource, or the caller's right to it. */
function wasRefused({ error }: CallRecord): boolean {
  const status = error?.service?.httpStatus ?? 0;
  return (error?.kind === 'invalid' || error?.kind === 'failed') && status >= 400 && status < 500;
}
