import { readFileSync } from 'node:fs';
import { CONFIG_VARIABLE, isRemote, parseConfigVariable, type RuntimeConfig } from '../../core/api/config-variable';
import type { Binding } from '../../core/graph/binding';
import { networkFault } from '../backends/network-errors';
import { configFaults } from './config-faults';
import { type ConfigParameter, readParameters } from './parameters';

/** A configuration that cannot be used. The message names the source, the field and the remedy; it is for logs. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
}

/** A component that cannot be called as it is bound. The message says no more than the description of the agent: callers may see it. */
export class BindingError extends ConfigError {
  override readonly name = 'BindingError';
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

async function readRemote(source: string): Promise<RuntimeConfig> {
  const named = parseConfigVariable(source);
  if (!named) {
    throw new ConfigError(`${CONFIG_VARIABLE} must name a path of SSM parameters as in ssm:/path/, got: ${source}`);
  }
  const { path, count } = named;
  const parameters = await readParameters(path).catch((cause: unknown) => {
    const remedy = `the function needs ssm:GetParametersByPath on parameter${path}, and a way to reach SSM`;
    throw new ConfigError(`ssm:${path} cannot be read: ${networkFault(cause).code}; ${remedy}`, { cause });
  });
  if (parameters.length === 0) {
    throw new ConfigError(`ssm:${path} holds no parameters: the deployment must write the bindings below it`);
  }
  if (count !== undefined && parameters.length !== count) {
    throw new ConfigError(
      `ssm:${path} holds ${parameters.length} parameters, the deployment has ${count}: deploy again, and keep nothing else below the path`,
    );
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
