import { readFileSync } from 'node:fs';
import type { Binding, Bindings } from '../../core/graph/binding';
import { networkFault } from '../backends/network-errors';
import { configFaults } from './config-faults';
import { type ConfigParameter, readParameters } from './parameters';

/** What a deployment adds to a graph. */
export interface RuntimeConfig {
  readonly bindings: Bindings;
  /** Most time a run may take, and how long it may take if the caller sets no deadline. @default 28000 */
  readonly deadlineMs?: number;
}

/** API Gateway gives up after 29 s (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const DEFAULT_DEADLINE_MS = 28_000;

/**
 * Environment variable that holds the configuration, or says where it is:
 *
 * - `{"bindings":...}`: the configuration itself
 * - `ssm:/path/`: SSM parameters below the path, each with a part of the bindings; what follows a `#` tells deployments apart
 * - anything else: path of a JSON file
 */
export const CONFIG_VARIABLE = 'COMPOUND_CONFIG';

const PARAMETERS = /^ssm:(\/[^#]*?)\/?(#.*)?$/;

/** A configuration that cannot be used. The message names the source, the field and the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * At once, unless it comes over the network.
 *
 * @throws ConfigError
 */
export function readConfig(source: string | undefined): RuntimeConfig | Promise<RuntimeConfig> {
  if (!source) {
    throw new ConfigError(
      `${CONFIG_VARIABLE} is not set: it must hold the bindings as JSON, or name a JSON file or ssm:/path/ with them`,
    );
  }
  if (isRemote(source)) return readRemote(source);
  if (source.startsWith('{')) return checked(CONFIG_VARIABLE, () => source);
  return checked(source, () => readFileSync(source, 'utf8'));
}

export function isRemote(source: string | undefined): boolean {
  return source?.startsWith('ssm:') ?? false;
}

async function readRemote(source: string): Promise<RuntimeConfig> {
  const path = PARAMETERS.exec(source)?.[1];
  if (path === undefined) {
    throw new ConfigError(`${CONFIG_VARIABLE} must name a path of SSM parameters as in ssm:/path/, got: ${source}`);
  }
  const parameters = await readParameters(path).catch((cause: unknown) => {
    const remedy = `the function needs ssm:GetParametersByPath on parameter${path}, and a way to reach SSM`;
    throw new ConfigError(`ssm:${path} cannot be read: ${networkFault(cause).code}; ${remedy}`, { cause });
  });
  if (parameters.length === 0) {
    throw new ConfigError(`ssm:${path} holds no parameters: the deployment must write the bindings below it`);
  }
  return merged(parameters);
}

function merged(parameters: readonly ConfigParameter[]): RuntimeConfig {
  const bindings = new Map<string, Binding>();
  let deadlineMs: number | undefined;
  for (const { name, value } of parameters) {
    const part = checked(`ssm:${name}`, () => value);
    for (const [component, binding] of Object.entries(part.bindings)) {
      if (bindings.has(component)) {
        throw new ConfigError(`ssm:${name}: bindings.${component} is in another parameter too: remove one of them`);
      }
      bindings.set(component, binding);
    }
    deadlineMs ??= part.deadlineMs;
  }
  return { bindings: Object.fromEntries(bindings), ...(deadlineMs !== undefined && { deadlineMs }) };
}

/** @param source as errors name it */
function checked(source: string, read: () => string): RuntimeConfig {
  let config: unknown;
  try {
    config = JSON.parse(read());
  } catch (cause) {
    throw new ConfigError(`${source} cannot be read as JSON`, { cause });
  }
  const faults = [...configFaults(config)];
  if (faults.length > 0) throw new ConfigError(`${source}: ${faults.join('; ')}`);
  return config as RuntimeConfig;
}
