import { readFileSync } from 'node:fs';
import type { Binding, Bindings } from '../../core/graph/binding';

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
  const faults = [...findFaults(config)];
  if (faults.length > 0) throw new ConfigError(`${path}: ${faults.join('; ')}`);
  return config as RuntimeConfig;
}

const REQUIRED_FIELD: Readonly<Record<Binding['type'], string>> = {
  sagemaker: 'endpointName',
  bedrock: 'modelId',
  lambda: 'functionName',
  http: 'url',
};

function* findFaults(config: unknown): Iterable<string> {
  if (!isObject(config)) return yield 'must be an object';
  const { bindings, deadlineMs } = config;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) {
    yield `deadlineMs must be a positive number, got: ${JSON.stringify(deadlineMs)}`;
  }
  if (!isObject(bindings)) return yield 'bindings must be an object with a binding for each component';
  for (const [component, binding] of Object.entries(bindings)) {
    const type = isObject(binding) ? binding.type : undefined;
    if (!isObject(binding) || typeof type !== 'string' || !Object.hasOwn(REQUIRED_FIELD, type)) {
      yield `bindings.${component}.type must be one of ${Object.keys(REQUIRED_FIELD).join(', ')}`;
      continue;
    }
    const field = REQUIRED_FIELD[type as Binding['type']];
    if (typeof binding[field] !== 'string' || binding[field] === '') {
      yield `bindings.${component}.${field} must be a string`;
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
