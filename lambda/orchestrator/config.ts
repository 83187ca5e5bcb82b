import { readFileSync } from 'node:fs';
import { CONFIG_VARIABLE, isRemote, parseConfigVariable, type RuntimeConfig } from '../../core/api/config-variable';
import { isObject } from '../../core/graph/binding-faults';
import { networkFault } from '../backends/network-errors';
import { configFaults } from './config-faults';
import { readSecret, type SecretStage } from './config-secret';

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
      `${CONFIG_VARIABLE} is not set: it must hold the bindings as JSON, or name a JSON file or secret:<arn> with them`,
    );
  }
  if (isRemote(source)) return readRemote(source);
  if (source.startsWith('{'))
    return checked(
      CONFIG_VARIABLE,
      parsed(CONFIG_VARIABLE, () => source),
    );
  return checked(
    source,
    parsed(source, () => readFileSync(source, 'utf8')),
  );
}

async function readRemote(source: string): Promise<RuntimeConfig> {
  const named = parseConfigVariable(source);
  if (!named) {
    throw new ConfigError(
      `${CONFIG_VARIABLE} must name a secret as in secret:<arn> or secret:<arn>#<revision>, got: ${source}`,
    );
  }
  const { secretId, revision } = named;
  const at = `secret:${secretId}`;
  // A deployment writes the secret before it replaces the function: until then the former one runs, by the former text.
  for (const stage of ['AWSCURRENT', 'AWSPREVIOUS'] as const) {
    const text = await textOf(secretId, stage);
    if (text === undefined) break;
    const stored = parsed(at, () => text);
    // Before it is checked: the text for another function may have fields that this one does not know.
    if (revision === undefined || (isObject(stored) && stored.revision === revision)) return checked(at, stored);
  }
  throw new ConfigError(
    `${at} does not hold revision ${revision}, which the function needs: deploy again, and let nothing else write to it`,
  );
}

function textOf(secretId: string, stage: SecretStage): Promise<string | undefined> {
  return readSecret(secretId, stage).catch((cause: unknown) => {
    const remedy = 'the function needs secretsmanager:GetSecretValue on it, and a way to reach Secrets Manager';
    throw new ConfigError(`secret:${secretId} cannot be read: ${networkFault(cause).code}; ${remedy}`, { cause });
  });
}

/** @param source as errors name it */
function parsed(source: string, read: () => string): unknown {
  try {
    return JSON.parse(read());
  } catch (cause) {
    throw new ConfigError(`${source} cannot be read as JSON`, { cause });
  }
}

function checked(source: string, config: unknown): RuntimeConfig {
  const faults = [...configFaults(config)];
  if (faults.length > 0) throw new ConfigError(`${source}: ${faults.join('; ')}`);
  return config as RuntimeConfig;
}
