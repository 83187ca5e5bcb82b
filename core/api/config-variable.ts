import type { Bindings } from '../graph/binding';

/**
 * Environment variable by which a deployment tells a function its configuration:
 *
 * - `{"bindings":...}`: the configuration itself
 * - `ssm:/path/#3`: the 3 SSM parameters directly below the path, each with a part of the bindings; without `#` however
 *   many there are
 * - anything else: path of a JSON file
 */
export const CONFIG_VARIABLE = 'COMPOUND_CONFIG';

/** What a deployment adds to a graph. */
export interface RuntimeConfig {
  readonly bindings: Bindings;
  /** Most time a run may take, and how long it may take if the caller sets no deadline. @default 28000 */
  readonly deadlineMs?: number;
}

/** API Gateway gives up after 29 s (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const DEFAULT_DEADLINE_MS = 28_000;

/** SSM parameters that hold a configuration together. */
export interface ConfigParameters {
  readonly path: string;
  /** How many there are; however many if left out. */
  readonly count?: number;
}

const SCHEME = 'ssm:';

const PARAMETERS = /^ssm:(\/[^#]*?)\/?(?:#([1-9]\d*))?$/;

export function isRemote(variable: string | undefined): boolean {
  return variable?.startsWith(SCHEME) ?? false;
}

export function toConfigVariable({ path, count }: Required<ConfigParameters>): string {
  return `${SCHEME}${path}/#${count}`;
}

/** What a variable that is remote names; undefined if it is malformed. */
export function parseConfigVariable(variable: string): ConfigParameters | undefined {
  const [, path, count] = PARAMETERS.exec(variable) ?? [];
  return path === undefined ? undefined : { path, ...(count !== undefined && { count: Number(count) }) };
}
