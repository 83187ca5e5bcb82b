import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
} from 'aws-jwt-verify/error';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import { type JwtSettings, UNKNOWN_CALLER, usageKeyOf } from '../../core/api/jwt-settings';
import { tenantOf } from './claims';
import { Refusal } from './refusal';
import { TokenVerifier, type TokenVerifierOptions } from './token-verifier';

/** What API Gateway asks (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html). */
export interface AuthorizerRequest {
  /** The header `Authorization`. */
  readonly authorizationToken?: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  readonly methodArn: string;
}

/** What it is answered (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html). */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: object;
  readonly context?: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

export interface AuthorizerOptions extends TokenVerifierOptions {
  /** Takes one line for each request that is not let in: never a token. */
  readonly log: (line: string) => void;
}

/** Not a message but a code: API Gateway answers 401 to it, and 500 to every other error. */
const UNAUTHORIZED = 'Unauthorized';

/**
 * Decides who may call an API.
 *
 * - A token that proves nothing is answered 401; so is none. That is not kept.
 * - A token of somebody who may not call is answered 403, and so it is for as long as the gateway keeps the answer.
 * - An answer is about the whole stage: the gateway keeps it by token, whatever path it was given for.
 */
export function authorizer({ log, ...options }: AuthorizerOptions) {
  const verifier = new TokenVerifier(options);
  return async ({ authorizationToken = '', methodArn }: AuthorizerRequest): Promise<AuthorizerAnswer> => {
    const stage = `${methodArn.split('/').slice(0, 2).join('/')}/*`;
    try {
      const payload = await verifier.verify(authorizationToken.replace(/^Bearer +/i, ''));
      return allow(stage, payload, options.settings);
    } catch (error) {
      log(JSON.stringify({ refused: reasonOf(error) }));
      if (!saysOfToken(error)) throw error;
      if (error instanceof Refusal && error.known) return deny(stage);
    }
    // Without its cause: Lambda logs that with the error.
    throw new Error(UNAUTHORIZED);
  };
}

/** Their messages quote nothing but keys, which are public, and what the issuer has signed. */
const QUOTABLE = [
  Refusal,
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtExpiredError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtWithoutValidKidError,
];

/** In words of our own, since the messages of these may quote a token. */
const REASONS = [
  [JwtParseError, 'the token is no JWT'],
  [JwtInvalidIssuerError, 'the token is of another issuer'],
  [KidNotFoundInJwksError, 'the token names a key that the issuer does not have'],
  [JwtInvalidSignatureAlgorithmError, 'the token is signed with an algorithm that its key is not for'],
] as const;

function reasonOf(error: unknown): string {
  if (error instanceof Error && QUOTABLE.some((quotable) => error instanceof quotable)) return error.message;
  return REASONS.find(([refused]) => error instanceof refused)?.[1] ?? 'an unexpected error';
}

/** Not that the keys could not be had. */
function saysOfToken(error: unknown): boolean {
  if (error instanceof FetchError || error instanceof JwksValidationError || error instanceof JwkValidationError) {
    return false;
  }
  return error instanceof Refusal || error instanceof JwtBaseError;
}

function allow(stage: string, payload: JwtPayload, settings: JwtSettings): AuthorizerAnswer {
  const tenant = tenantOf(payload, settings);
  const { usageKeyPrefix, clockToleranceSeconds } = settings;
  const untilMs = Math.ceil((payload.exp ?? 0) + clockToleranceSeconds) * 1_000;
  const until = new Date(untilMs).toISOString().replace('.000Z', 'Z');
  return {
    principalId: callerOf(payload),
    // The gateway may keep the answer for longer than the token lasts.
    policyDocument: policy('Allow', stage, { DateLessThanIfExists: { 'aws:CurrentTime': until } }),
    ...(tenant !== undefined && { context: { tenant } }),
    ...(tenant !== undefined &&
      usageKeyPrefix !== undefined && { usageIdentifierKey: usageKeyOf(usageKeyPrefix, tenant) }),
  };
}

/** The user, or the application that calls for itself. */
function callerOf({ sub, client_id, azp }: JwtPayload): string {
  return [sub, client_id, azp].find((claim) => typeof claim === 'string') ?? UNKNOWN_CALLER;
}

function deny(stage: string): AuthorizerAnswer {
  return { principalId: 'refused', policyDocument: policy('Deny', stage) };
}

function policy(Effect: 'Allow' | 'Deny', Resource: string, Condition?: object): object {
  const statement = { Effect, Action: 'execute-api:Invoke', Resource, ...(Condition && { Condition }) };
  return { Version: '2012-10-17', Statement: [statement] };
}
