import { App, Duration, Lazy, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AgentApi, ApiAuthorization, ConfigurationError, type JwtOptions, JwtUse } from '../../../lib';
import { TestAgent } from './agent-api-agent';
import { methodsOf } from './api-template';

const ISSUER = 'https://tenant.eu.auth0.com/';
const LIMITS = { rateLimit: 5, burstLimit: 10 };

function deploy(options: Partial<JwtOptions> = {}) {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Test', {
    env: { account: '111122223333', region: 'us-east-1' },
  });
  const authorization = ApiAuthorization.jwt({ issuer: ISSUER, audience: ['agents'], ...options });
  const api = new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support')], authorization });
  return { stack, api, template: Template.fromStack(stack) };
}

/** What the function is told. */
function settingsIn(template: Template): unknown {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { Environment: { Variables: { COMPOUND_JWT: Match.anyValue() } } },
  });
  return JSON.parse(Object.values(functions)[0]?.Properties.Environment.Variables.COMPOUND_JWT);
}

describe('an API that takes tokens of an issuer', () => {
  const { template, api } = deploy({
    jwksUri: 'https://tenant.eu.auth0.com/keys',
    tokenUse: JwtUse.ID,
    scopes: ['agents/run'],
    tenantClaim: 'org',
    clockTolerance: Duration.seconds(30),
    resultsCacheTtl: Duration.minutes(1),
  });

  test('asks an authorizer at every method, with what looks like a token only', () => {
    for (const { Properties } of methodsOf(template)) {
      expect(Properties).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: expect.any(String) } });
      expect(Properties.ApiKeyRequired).toBeFalsy();
    }
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    });
    const [authorizer] = Object.values(template.findResources('AWS::ApiGateway::Authorizer'));
    const expression = new RegExp(authorizer?.Properties.IdentityValidationExpression);
    expect('Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln_-').toMatch(expression);
    for (const other of ['', 'Bearer', 'Bearer a.b', 'Basic YTpi', 'Bearer a.b.c; x']) {
      expect(other).not.toMatch(expression);
    }
  });

  test('tells the function which tokens count', () => {
    expect(settingsIn(template)).toEqual({
      issuer: ISSUER,
      audience: ['agents'],
      jwksUri: 'https://tenant.eu.auth0.com/keys',
      tokenUse: 'id',
      scopes: ['agents/run'],
      tenantClaim: 'org',
      clockToleranceSeconds: 30,
    });
  });

  test('gives the function no permission but to write its log', () => {
    const roles = template.findResources('AWS::IAM::Role', {
      Properties: { AssumeRolePolicyDocument: Match.objectLike({}) },
    });
    const [, role] = Object.entries(roles).find(([id]) => id.startsWith('ApiJwt'))!;
    expect(role.Properties.ManagedPolicyArns).toHaveLength(1);
    expect(JSON.stringify(role.Properties.ManagedPolicyArns)).toContain('AWSLambdaBasicExecutionRole');
    const policies = Object.keys(template.findResources('AWS::IAM::Policy'));
    expect(policies.filter((id) => id.startsWith('ApiJwt'))).toEqual([]);
  });

  test('says so in its document', () => {
    const integrations = methodsOf(template).map(({ Properties }) => JSON.stringify(Properties.Integration));
    const document = integrations.find((text) => text.includes('securitySchemes'))?.replaceAll('\\', '');
    expect(document).toContain('{"caller":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}}');
  });

  test('logs the tenant of a request', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { Format: Match.stringLikeRegexp('"tenant":"\\$context\\.authorizer\\.tenant"') },
    });
  });

  test('needs no IAM permission', () => {
    expect(() => api.grants.invoke(new TestAgent(api, 'caller').function)).toThrow('api/grant-without-iam');
  });
});

test('access tokens of any scope, asked for every 5 minutes, are the default', () => {
  const { template } = deploy();
  expect(settingsIn(template)).toEqual({
    issuer: ISSUER,
    audience: ['agents'],
    tokenUse: 'access',
    scopes: [],
    clockToleranceSeconds: 0,
  });
  template.hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 300 });
});

describe('an API with tenants', () => {
  const tenants = ['acme', 'globex'].map((name) => ({ name, throttling: LIMITS }));
  const { template, api } = deploy({ tenantClaim: 'org', tenants });

  test('takes their keys from the authorizer, never from callers', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
    for (const { Properties } of methodsOf(template)) expect(Properties.ApiKeyRequired).toBe(true);
    expect(Object.keys(api.apiKeys)).toEqual(['acme', 'globex']);
  });

  test('meters each by the key that the authorizer names for it', () => {
    const { usageKeyPrefix } = settingsIn(template) as { readonly usageKeyPrefix: string };
    const keys = Object.values(template.findResources('AWS::ApiGateway::ApiKey'));
    expect(keys.map(({ Properties }) => Properties.Value)).toEqual([
      `${usageKeyPrefix}-acme`,
      `${usageKeyPrefix}-globex`,
    ]);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
    expect(`${usageKeyPrefix}-a`.length).toBeGreaterThanOrEqual(20);
    expect(`${usageKeyPrefix}-${'a'.repeat(64)}`.length).toBeLessThanOrEqual(128);
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 2);
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: LIMITS.rateLimit, BurstLimit: LIMITS.burstLimit },
    });
  });
});

test('all that is wrong with the tokens that an API should take is said at once', () => {
  const stack = new Stack(new App(), 'Test');
  const authorization = ApiAuthorization.jwt({
    issuer: 'http://example.com',
    audience: [],
    jwksUri: 'example.com/keys',
    tenants: [{ name: '1', throttling: LIMITS }],
    clockTolerance: Duration.minutes(6),
    resultsCacheTtl: Duration.hours(2),
  });
  let error: unknown;
  try {
    new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support')], authorization });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as ConfigurationError).faults.map(({ id, field, message }) => `${field}: ${message} [${id}]`)).toEqual([
    'authorization.issuer: must be an address that begins with https://, got: "http://example.com" [api/bad-issuer]',
    'authorization.jwksUri: must be an address that begins with https://, got: "example.com/keys" [api/bad-issuer]',
    'authorization.audience: is empty: name whom tokens are meant for, or none is let in [api/no-audience]',
    'authorization.clockTolerance: must be whole seconds, at most 300, got: 360 s [api/bad-duration]',
    'authorization.resultsCacheTtl: must be whole seconds, at most 3600, got: 7200 s [api/bad-duration]',
    'authorization.tenants: needs tenantClaim, by which a token names its tenant [api/tenants-without-claim]',
    'authorization.tenants[0].name: must be a letter, then up to 63 letters, digits, "_" or "-", got: "1" [api/bad-tenant-name]',
  ]);
});

test('the keys of tenants stay the same in a nested stack, however much else the app has', () => {
  const keysWith = (others: number) => {
    const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
    for (let i = 0; i < others; i++) Lazy.string({ produce: () => Token.asString({ Ref: 'Other' }) });
    const nested = new NestedStack(stack, 'Apis');
    const authorization = ApiAuthorization.jwt({
      issuer: ISSUER,
      audience: ['agents'],
      tenantClaim: 'org',
      tenants: [{ name: 'acme', throttling: LIMITS }],
    });
    new AgentApi(nested, 'Api', { agents: [new TestAgent(nested, 'support')], authorization });
    const [key] = Object.values(Template.fromStack(nested).findResources('AWS::ApiGateway::ApiKey'));
    return key?.Properties.Value;
  };
  expect(keysWith(0)).toMatch(/^[0-9a-f]{24}/);
  expect(keysWith(7)).toBe(keysWith(0));
});
