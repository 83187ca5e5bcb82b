import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * Whom a run is for, as far as API Gateway knows: by the claim of a JWT authorizer, a usage plan's key, a Cognito user or
 * the IAM caller. No one in particular where the API is open: then all callers are one.
 */
export function tenantOf({ requestContext }: APIGatewayProxyEvent): { readonly tenant?: string } {
  const { authorizer, identity } = requestContext;
  const known = [
    ['tenant', authorizer?.tenant],
    ['key', identity?.apiKeyId],
    ['user', authorizer?.claims?.sub],
    ['principal', authorizer?.principalId],
    ['caller', identity?.userArn],
  ];
  const found = known.find(([, id]) => typeof id === 'string' && id !== '');
  return found ? { tenant: found.join(':') } : {};
}
