import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model';
import type { JwtSettings, TokenUse } from '../../core/api/jwt-settings';
import { Refusal } from './refusal';

/** Types of the header `typ` by what a token is for: RFC 9068 gives access tokens one of their own, and few issuers use it. */
const TYPES: Readonly<Record<TokenUse, readonly string[]>> = {
  access: ['jwt', 'at+jwt', 'application/at+jwt'],
  id: ['jwt'],
};

/**
 * What signature, issuer and time of a token do not tell.
 *
 * @throws Refusal
 */
export function checkClaims(header: JwtHeader, payload: JwtPayload, settings: JwtSettings): void {
  if (payload.exp === undefined) throw new Refusal('the token never expires', false);
  checkUse(header, payload, settings.tokenUse);
  checkAudience(payload, settings);

  const scopes = scopesOf(payload);
  const missing = settings.scopes.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) throw new Refusal(`the token lacks the scopes ${missing.join(' ')}`, true);
  if (settings.tenantClaim !== undefined && tenantOf(payload, settings) === undefined) {
    throw new Refusal(`the token has no claim ${settings.tenantClaim}`, true);
  }
}

/** Undefined if the claim is not there, or no text. */
export function tenantOf(payload: JwtPayload, { tenantClaim }: JwtSettings): string | undefined {
  const tenant = tenantClaim === undefined ? undefined : payload[tenantClaim];
  return typeof tenant === 'string' && tenant !== '' ? tenant : undefined;
}

function checkUse({ typ = 'JWT' }: JwtHeader, payload: JwtPayload, use: TokenUse): void {
  if (typeof typ !== 'string' || !TYPES[use].includes(typ.toLowerCase())) {
    throw new Refusal(`the type ${JSON.stringify(typ)} is none of ${use} tokens`, false);
  }
  // Amazon Cognito says it here.
  const said = payload.token_use;
  if (said !== undefined && said !== use)
    throw new Refusal(`the token is for ${JSON.stringify(said)}, not for ${use}`, false);
}

function checkAudience(payload: JwtPayload, { audience, tokenUse }: JwtSettings): void {
  // Access tokens of Amazon Cognito have no audience, but the client that they were given to.
  const meantFor = payload.aud ?? (tokenUse === 'access' ? payload.client_id : undefined);
  const names = [meantFor].flat();
  if (!names.some((name) => typeof name === 'string' && audience.includes(name))) {
    throw new Refusal('the token is meant for another audience', false);
  }
}

/** `scope` is what RFC 8693 and RFC 9068 say, `scp` what Microsoft Entra and Okta write. */
function scopesOf({ scope, scp }: JwtPayload): readonly unknown[] {
  const claim: unknown = scope ?? scp ?? [];
  return typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
}
