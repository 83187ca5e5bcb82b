import { readFileSync } from 'node:fs';
import type { Bindings } from '../../core/graph/binding';
import { configFaults } from './config-faults';

/** What a deployment adds to a graph. */
export interface RuntimeConfig {
  readonly bindings: Bindings;
  /** Most time a run may take, and how long it may take if the caller sets no deadline. @default 28000 */
  readonly deadlineMs?: number;
}

/** API Gateway gives up after 29 s (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const DEFAULT_DEADLINE_MS = 28_000;

/** Environment variable that names the configuration file. */
export const CONFIG_VARIABLE = 'COMPOUND_CONFIG';

/** A configuration that cannot be used. The message names the file, the field and the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError */
export function readConfig(path: string | undefined): RuntimeConfig {
  if (!path) throw new ConfigError(`${CONFIG_VARIABLE} is not set: it must name the JSON file with the bindings`);
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read as JSON`, { cause });
  }
  const faults = [...configFaults(config)];
  if (faults.length > 0) throw new ConfigError(`${path}: ${faults.join('; ')}`);
  return config as RuntimeConfig;
}
