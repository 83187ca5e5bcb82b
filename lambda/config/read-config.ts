import { readFileSync } from 'node:fs';
import { type ConfigSecret, isRemote, parseConfigVariable } from '../../core/api/config-variable';
import { joinedConfig } from '../../core/api/joined-config';
import { isObject } from '../../core/graph/field-faults';
import { networkFault } from '../backends/network-errors';
import { ConfigError } from './config-error';
import { readSecret, type SecretStage } from './config-secret';

/** A configuration that a function is told by an environment variable. */
export interface ConfigKind {
  readonly variable: string;
  /** What it holds, as errors say it. */
  readonly what: string;
  /** What is wrong with a value; nothing if it is such a configuration. */
  readonly faults: (value: unknown) => Iterable<string>;
}

/**
 * At once, unless it comes over the network.
 *
 * @typeParam T what a value without faults is
 * @param source value of the variable
 * @throws ConfigError
 */
export function readConfig<T>(kind: ConfigKind, source: string | undefined): T | Promise<T> {
  const { variable, what } = kind;
  if (!source) {
    throw new ConfigError(
      `${variable} is not set: it must hold ${what} as JSON, or name a JSON file or secret:<arn> with them`,
    );
  }
  if (isRemote(source)) return readRemote(kind, source) as Promise<T>;
  const at = source.startsWith('{') ? variable : source;
  const config = parsed(at, () => (at === variable ? source : readFileSync(source, 'utf8')));
  return checked(kind, at, config) as T;
}

async function readRemote(kind: ConfigKind, source: string): Promise<unknown> {
  const named = parseConfigVariable(source);
  if (!named) {
    throw new ConfigError(
      `${kind.variable} must name a secret as in secret:<arn> or secret:<arn>#<revision>, got: ${source}`,
    );
  }
  const at = `secret:${named.secretId}`;
  const first = await readPart(named);
  if (!isObject(first) || !('further' in first)) return checked(kind, at, first);
  const { further, ...config } = first;
  if (!isPartList(further)) throw new ConfigError(`${at}: further must be a list of secrets`);
  const others = await Promise.all(further.map((secretId) => readPart({ ...named, secretId })));
  return checked(kind, at, joinedConfig([config, ...others]));
}

/** @returns what the secret holds in the revision */
async function readPart({ secretId, revision }: ConfigSecret): Promise<unknown> {
  const at = `secret:${secretId}`;
  // A deployment writes the secret before it replaces the function: until then the former one runs, by the former text.
  for (const stage of ['AWSCURRENT', 'AWSPREVIOUS'] as const) {
    const text = await textOf(secretId, stage);
    if (text === undefined) break;
    const stored = parsed(at, () => text);
    // Before it is checked: the text for another function may have fields that this one does not know.
    if (revision === undefined || (isObject(stored) && stored.revision === revision)) return stored;
  }
  throw new ConfigError(
    `${at} does not hold revision ${revision}, which the function needs: deploy again, and let nothing else write to it`,
  );
}

function isPartList(further: unknown): further is readonly string[] {
  return Array.isArray(further) && further.every((secretId) => typeof secretId === 'string' && secretId !== '');
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

function checked({ faults }: ConfigKind, source: string, config: unknown): unknown {
  const found = [...faults(config)];
  if (found.length > 0) throw new ConfigError(`${source}: ${found.join('; ')}`);
  return config;
}
