import type { Duration } from 'aws-cdk-lib';
import type { ApiTenant } from './api-authorization';

/** What a token is for. */
export enum JwtUse {
  /** To call APIs: what an application gets for this, and sends. */
  ACCESS = 'access',
  /** To tell an application who signed in. */
  ID = 'id',
}

/** Which tokens an API takes. */
export interface JwtOptions {
  /**
   * Who signs the tokens, exactly as their claim `iss` has it: `https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI`,
   * `https://tenant.eu.auth0.com/`.
   */
  readonly issuer: string;

  /** Whom the tokens are meant for, one of these: their claim `aud`, or of access tokens without it `client_id`, as those of Amazon Cognito. */
  readonly audience: readonly string[];

  /**
   * Where the public keys of the issuer are.
   *
   * @default - as the issuer says in `/.well-known/openid-configuration`
   */
  readonly jwksUri?: string;

  /**
   * What the tokens must be for, where they say so: in the claim `token_use`, or by the type `at+jwt`.
   *
   * @default JwtUse.ACCESS
   */
  readonly tokenUse?: JwtUse;

  /**
   * Scopes that a token must have, all of them, in its claim `scope` or `scp`.
   *
   * @default - none
   */
  readonly scopes?: readonly string[];

  /**
   * The claim that names the caller's tenant. Tokens without it are refused; agents see it in the request context, and so does the access
   * log.
   *
   * @default - there are no tenants
   */
  readonly tenantClaim?: string;

  /**
   * The tenants that may call, each within a usage plan of its own, up to 100 of them. Needs `tenantClaim`.
   *
   * @default - all that the issuer names, within the throttling of the API
   */
  readonly tenants?: readonly ApiTenant[];

  /**
   * How far the clocks of issuer and API may differ, up to 5 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly clockTolerance?: Duration;

  /**
   * How long the gateway keeps what it was told of a token, up to an hour. No token outlives its own time by that, but for so long one counts
   * that the issuer has withdrawn.
   *
   * @default Duration.minutes(5)
   */
  readonly resultsCacheTtl?: Duration;
}
