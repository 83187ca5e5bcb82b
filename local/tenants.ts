import type { RuntimeTenantLimits } from '../core/api/config-variable';
import type { LocalTable } from './aws';

/** What each tenant may have. The gateway here asks nobody who they are: all callers are one tenant. */
export type LocalTenantLimits = Pick<RuntimeTenantLimits, 'limits'>;

/** The table that a deployed agent with limits has; here all agents share it, and their limits. */
export const TENANTS: LocalTable = {
  name: 'tenants',
  partitionKey: { name: 'id', type: 'S' },
  ttlAttribute: 'expiresAtSeconds',
};

export function runtimeTenantLimits(given: LocalTenantLimits): RuntimeTenantLimits {
  return { table: TENANTS.name, ...given };
}
