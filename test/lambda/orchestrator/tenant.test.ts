import type { APIGatewayProxyEvent } from 'aws-lambda';
import { tenantOf } from '../../../lambda/orchestrator/tenant';

/** The tenant of a run of its own. */
let runs = 0;
const tenant = (requestContext: object) => tenantOf({ requestContext } as APIGatewayProxyEvent, `run-${++runs}`).tenant;

const acme = { tenant: 'acme', principalId: 'alice' };
const app = { apiKeyId: 'app' };

test.each([
  ['a JWT authorizer', { authorizer: { tenant: 'acme' } }, { authorizer: { tenant: 'other' } }],
  ['a usage plan', { identity: { apiKeyId: 'k1' } }, { identity: { apiKeyId: 'k2' } }],
  ['Cognito', { authorizer: { claims: { sub: 'u1' } } }, { authorizer: { claims: { sub: 'u2' } } }],
  ['an authorizer of their own', { authorizer: { principalId: 'u1' } }, { authorizer: { principalId: 'u2' } }],
  ['IAM', { identity: { userArn: 'arn:aws:iam::1:user/u1' } }, { identity: { userArn: 'arn:aws:iam::1:user/u2' } }],
])('callers are told apart by %s', (_, one, other) => {
  expect(tenant(one)).toBeDefined();
  expect(tenant(one)).toBe(tenant(one));
  expect(tenant(one)).not.toBe(tenant(other));
});

test.each([
  ['a user of an authorizer', { principalId: 'alice' }, { principalId: 'bob' }],
  ['a user of Cognito', { claims: { sub: 'alice' } }, { claims: { sub: 'bob' } }],
])('%s stays one behind the key of an application that all share', (_, alice, bob) => {
  const shared = { identity: app };
  expect(tenant({ ...shared, authorizer: alice })).not.toBe(tenant({ ...shared, authorizer: bob }));
});

test('keys tell callers apart whom an authorizer all calls the same', () => {
  const authorizer = { principalId: 'user' };
  expect(tenant({ authorizer, identity: { apiKeyId: 'k1' } })).not.toBe(tenant({ authorizer, identity: app }));
});

test('users of one tenant are one, whatever key they have', () => {
  const bob = { ...acme, principalId: 'bob' };
  expect(tenant({ authorizer: acme, identity: app })).toBe(tenant({ authorizer: bob, identity: { apiKeyId: 'k1' } }));
});

test.each([{ identity: app }, {}])('of a caller whose token names nobody, every run is alone: %j', (context) => {
  const unknown = { ...context, authorizer: { principalId: 'unknown' } };
  expect(tenant(unknown)).toBeDefined();
  expect(tenant(unknown)).not.toBe(tenant(unknown));
});

test('a token that names nobody may name its tenant', () => {
  const authorizer = { tenant: 'acme', principalId: 'unknown' };
  expect(tenant({ authorizer })).toBe(tenant({ authorizer: acme }));
});

test('of an open API nobody is known', () => {
  expect(tenant({ identity: { apiKeyId: null, userArn: null } })).toBeUndefined();
  expect(tenant({})).toBeUndefined();
});

test('no caller can pass for another kind of caller', () => {
  const contexts = [
    { identity: { apiKeyId: 'x' } },
    { authorizer: { tenant: 'x' } },
    { authorizer: { principalId: 'x' } },
    { authorizer: { principalId: 'x","key":"x' } },
    { authorizer: { principalId: 'x' }, identity: { apiKeyId: 'x' } },
  ];
  expect(new Set(contexts.map(tenant)).size).toBe(contexts.length);
});

test('a test event without a request context is of no one in particular', () => {
  expect(tenantOf({} as APIGatewayProxyEvent, 'run-1')).toEqual({});
});
