import type { APIGatewayProxyEvent } from 'aws-lambda';
import { UNKNOWN_CALLER } from '../../core/api/jwt-settings';

/**
 * Whom a run is for, as far as API Gateway knows: the tenant that an authorizer names, else the caller by all that is known
 * of them, since users may share the key of an application, and applications what their authorizer calls a user. No one in
 * particular where the API is open: then all callers are one. A caller whose token names nobody shares with no other run.
 *
 * @param callerOf as whom a caller of IAM counts: by default each session of a role for itself
 */
export function tenantOf(
  { requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>,
  runId: string,
  callerOf: (userArn: string) => string = (userArn) => userArn,
): { readonly tenant?: string } {
  // A test event of the Lambda console may have none.
  const { authorizer, identity } = requestContext ?? {};
  const tenant = named({ tenant: authorizer?.tenant });
  if (tenant) return { tenant };
  const user: unknown = authorizer?.claims?.sub;
  const principal: unknown = authorizer?.principalId;
  if (principal === UNKNOWN_CALLER && !named({ user })) return { tenant: JSON.stringify({ run: runId }) };
  const arn = identity?.userArn;
  const caller = named({ user, principal, caller: arn && callerOf(arn), key: identity?.apiKeyId });
  return caller ? { tenant: caller } : {};
}

/** Unlike that of any other ids; undefined if there is none. */
function named(ids: Readonly<Record<string, unknown>>): string | undefined {
  const known = Object.entries(ids).filter(([, id]) => typeof id === 'string' && id !== '');
  return known.length > 0 ? JSON.stringify(Object.fromEntries(known)) : undefined;
}
