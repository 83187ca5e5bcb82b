/** Variable of the authorizer's function that holds its settings, as JSON. */
export const JWT_VARIABLE = 'COMPOUND_JWT';

/** What an authorizer calls a caller whose token names nobody. Two of that name need not be the same. */
export const UNKNOWN_CALLER = 'unknown';

/** What a token is for: to call an API with, or to tell an application who signed in. */
export type TokenUse = 'access' | 'id';

/** Which tokens an authorizer lets in. */
export interface JwtSettings {
  /** Who signs tokens, as their claim `iss` says. */
  readonly issuer: string;
  /** For whom tokens may be meant. */
  readonly audience: readonly string[];
  /** Where the keys of the issuer are; if left out, its discovery document says. */
  readonly jwksUri?: string;
  readonly tokenUse: TokenUse;
  /** A token must have all of them. */
  readonly scopes: readonly string[];
  /** The claim that names the tenant; a token must have it. */
  readonly tenantClaim?: string;
  /** How the API keys of tenants begin, if their use is metered. */
  readonly usageKeyPrefix?: string;
  readonly clockToleranceSeconds: number;
}

/** The API key by which the use of a tenant is metered. Callers cannot send it: the gateway takes it from the authorizer only. */
export function usageKeyOf(prefix: string, tenant: string): string {
  return `${prefix}-${tenant}`;
}
