import type { ApiThrottling } from './api-authorization';

/** What one tenant of an agent may have. */
export interface TenantAllowance {
  /**
   * Runs under way at once, up to 500.
   *
   * @default - as many as there are
   */
  readonly concurrency?: number;

  /**
   * How fast runs may begin.
   *
   * @default - as fast as they come
   */
  readonly throttling?: ApiThrottling;
}

/** What each tenant of an agent may have, whichever function serves it; what is more is answered 429. */
export interface TenantLimits extends TenantAllowance {
  /**
   * Of tenants that an authorizer names, as with `tenantClaim`, by name, up to 200 of them; what they leave out is as for the others.
   *
   * @default - all have the same
   */
  readonly overrides?: Readonly<Record<string, TenantAllowance>>;
}
