import type { APIGatewayProxyEvent } from 'aws-lambda';
import { tenantOf } from '../../../lambda/orchestrator/tenant';

const event = (requestContext: object) => ({ requestContext }) as APIGatewayProxyEvent;

test.each([
  ['a JWT authorizer', { authorizer: { tenant: 'acme', principalId: 'u1' } }, 'tenant:acme'],
  ['a usage plan', { identity: { apiKeyId: 'k1' } }, 'key:k1'],
  ['Cognito', { authorizer: { claims: { sub: 'u1' } }, identity: {} }, 'user:u1'],
  ['an authorizer of their own', { authorizer: { principalId: 'u1' } }, 'principal:u1'],
  ['IAM', { identity: { userArn: 'arn:aws:iam::1:user/u1' } }, 'caller:arn:aws:iam::1:user/u1'],
])('callers are told apart by %s', (_, context, tenant) => {
  expect(tenantOf(event(context))).toEqual({ tenant });
});

test('of an open API nobody is known', () => {
  expect(tenantOf(event({ identity: { apiKeyId: null, userArn: null } }))).toEqual({});
  expect(tenantOf(event({}))).toEqual({});
});

test('no caller can pass for another kind of caller', () => {
  const keyed = tenantOf(event({ identity: { apiKeyId: 'x' } }));
  const claimed = tenantOf(event({ authorizer: { tenant: 'x' } }));
  expect(keyed).not.toEqual(claimed);
});
