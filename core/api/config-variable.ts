import type { TenantLimits } from '../admission';
import type { Bindings } from '../graph/binding';

/**
 * Environment variable by which a deployment tells a function its configuration:
 *
 * - `{"bindings":...}`: the configuration itself
 * - `secret:arn:...#7d1f`: a secret of Secrets Manager that holds the configuration in this revision; without `#` in
 *   whichever it holds
 * - anything else: path of a JSON file
 */
export const CONFIG_VARIABLE = 'COMPOUND_CONFIG';

/** What a deployment adds to a graph. */
export interface RuntimeConfig {
  readonly bindings: Bindings;
  /** Most time a run may take, and how long it may take if the caller sets no deadline. @default 28000 */
  readonly deadlineMs?: number;
  /** Of which runs the record is logged. @default 'all' */
  readonly runRecords?: RunRecordLevel;
  /** Left out if nothing is warmed. */
  readonly warming?: RuntimeWarming;
  /** Left out if tenants have no limits. */
  readonly tenantLimits?: RuntimeTenantLimits;
}

/** Of which runs the whole record is logged, for `compound run show`; `failed` are all that brought no output. */
export type RunRecordLevel = 'all' | 'failed' | 'none';

export const RUN_RECORD_LEVELS: readonly RunRecordLevel[] = ['all', 'failed', 'none'];

/** How an orchestrator finds out what is warm, and whom it tells that something is not. */
export interface RuntimeWarming {
  /** Name of the table of the warm board. */
  readonly table: string;
  /** Name or ARN of the warmer. */
  readonly functionName: string;
  /** Key of the backend of each component that can be warmed, by component name; others count as always ready. */
  readonly components: Readonly<Record<string, string>>;
}

/** What tenants may have, and where functions keep count of it together. */
export interface RuntimeTenantLimits {
  /** Name of the table. */
  readonly table: string;
  readonly limits: TenantLimits;
  /** Of tenants that an authorizer names, by name; what they leave out is as for the others. */
  readonly overrides?: Readonly<Record<string, TenantLimits>>;
}

/** API Gateway gives up after 29 s (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const DEFAULT_DEADLINE_MS = 28_000;

/** What such a secret holds beside the configuration, as JSON. */
export interface StoredConfig {
  /** Tells the configurations of two deployments apart. */
  readonly revision?: string;
  /** Secrets that hold more of the configuration, in the same revision. */
  readonly further?: readonly string[];
}

/** Where a configuration is stored. */
export interface ConfigSecret {
  /** ARN, or name in the function's own region. */
  readonly secretId: string;
  /** The one that belongs to the function; whichever is there if left out. */
  readonly revision?: string;
}

const SCHEME = 'secret:';

const SECRET = /^secret:([^#]+)(?:#([^#]+))?$/;

export function isRemote(variable: string | undefined): boolean {
  return variable?.startsWith(SCHEME) ?? false;
}

export function toConfigVariable({ secretId, revision }: Required<ConfigSecret>): string {
  return `${SCHEME}${secretId}#${revision}`;
}

/** What a variable that is remote names; undefined if it is malformed. */
export function parseConfigVariable(variable: string): ConfigSecret | undefined {
  const [, secretId, revision] = SECRET.exec(variable) ?? [];
  return secretId === undefined ? undefined : { secretId, ...(revision !== undefined && { revision }) };
}
