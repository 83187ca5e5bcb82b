import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Period, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { openApiFor } from '../../../core/api/openapi';
import { graph } from '../../../core/graph';
import { AgentApi, type AgentApiProps } from '../../../lib/agent/agent-api';
import type { IAgent } from '../../../lib/agent/agent-ref';
import { ApiAuthorization, type ApiTenant } from '../../../lib/agent/api-authorization';
import { ConfigurationError } from '../../../lib/errors';
import { TestAgent } from './agent-api-agent';

interface Deployed {
  readonly stack: Stack;
  readonly api: AgentApi;
  readonly template: Template;
}

const newStack = () =>
  new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Test', {
    env: { account: '111122223333', region: 'us-east-1' },
  });

function deploy(props: Partial<AgentApiProps> = {}, use: (api: AgentApi, stack: Stack) => void = () => {}): Deployed {
  const stack = newStack();
  const api = new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support')], ...props });
  use(api, stack);
  return { stack, api, template: Template.fromStack(stack) };
}

const methodsOf = (template: Template): any[] => Object.values(template.findResources('AWS::ApiGateway::Method'));

/** Path of a resource, as in `/agents/support/runs`. */
function pathsOf(template: Template): Map<string, string> {
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const pathOf = (id: string): string => {
    const { PathPart, ParentId } = resources[id]!.Properties;
    return `${ParentId.Ref ? pathOf(ParentId.Ref) : ''}/${PathPart}`;
  };
  return new Map(Object.keys(resources).map((id) => [id, pathOf(id)]));
}

function methodAt(template: Template, method: string, path: string): any {
  const paths = pathsOf(template);
  const found = methodsOf(template).find(
    ({ Properties }) => Properties.HttpMethod === method && paths.get(Properties.ResourceId.Ref) === path,
  );
  return found?.Properties;
}

function faultsOf(props: (stack: Stack) => AgentApiProps): string {
  const stack = newStack();
  try {
    new AgentApi(stack, 'Api', props(stack));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'none';
}

describe('an API of two agents', () => {
  const { template } = deploy({}, (api, stack) => {
    void api;
    new AgentApi(stack, 'Both', { agents: [new TestAgent(stack, 'a'), new TestAgent(stack, 'b')] });
  });

  test('has two methods of its own, and two for each agent', () => {
    const paths = pathsOf(template);
    const found = methodsOf(template).map(
      ({ Properties }) => `${Properties.HttpMethod} ${paths.get(Properties.ResourceId.Ref)}`,
    );
    expect(found.sort()).toEqual([
      'GET /agents',
      'GET /agents',
      'GET /agents/a',
      'GET /agents/b',
      'GET /agents/support',
      'GET /openapi.json',
      'GET /openapi.json',
      'POST /agents/a/runs',
      'POST /agents/b/runs',
      'POST /agents/support/runs',
    ]);
  });

  test.each(['a', 'b'])('sends the requests of agent %s to its function', (name) => {
    const id = Object.keys(template.findResources('AWS::Lambda::Function')).find((key) => key.startsWith(name))!;
    for (const [method, path] of [
      ['GET', `/agents/${name}`],
      ['POST', `/agents/${name}/runs`],
    ] as const) {
      const { Integration } = methodAt(template, method, path);
      expect(Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', TimeoutInMillis: 29_000 });
      expect(JSON.stringify(Integration.Uri)).toContain(id);
    }
  });

  test('asks for IAM permissions everywhere', () => {
    for (const { Properties } of methodsOf(template)) expect(Properties.AuthorizationType).toBe('AWS_IAM');
  });

  test('lets the gateway invoke each function for its own methods, and none for tests from the console', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(permissions).toHaveLength(6);
    expect(JSON.stringify(permissions)).not.toContain('test-invoke-stage');
  });
});

describe('an API without options', () => {
  const { template, stack } = deploy();

  test('is regional, traced, throttled, and logs no execution', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'prod',
      TracingEnabled: true,
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 100,
          DataTraceEnabled: false,
          LoggingLevel: Match.absent(),
        },
      ],
    });
  });

  test('logs each request as JSON, without what it says, to a group that goes with the stack', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const { Format } = stage!.Properties.AccessLogSetting;
    expect(Buffer.byteLength(Format)).toBeLessThanOrEqual(3 * 1024);
    const fields: Record<string, string> = JSON.parse(Format);
    expect(fields).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
    for (const value of Object.values(fields)) {
      expect(value).toMatch(/^\$context\.[\w.]+$/);
      expect(value).not.toMatch(/validation|error\.message|path$|body/);
    }
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
  });

  test('gives the account a role to write logs with, which stays', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
  });

  test('has no other origin, no web ACL, no keys, and nothing to warn of', () => {
    expect(methodsOf(template).filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS')).toEqual([]);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('turns away bodies that do not match the input schema of the agent', () => {
    const { RequestModels, RequestValidatorId } = methodAt(template, 'POST', '/agents/support/runs');
    expect(Object.keys(RequestModels)).toEqual(['application/json']);
    const model = template.toJSON().Resources[RequestModels['application/json'].Ref].Properties;
    expect(model).toMatchObject({
      ContentType: 'application/json',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'object',
        properties: {
          question: { type: 'string', maxLength: 500 },
          top: { type: 'number', minimum: 0, exclusiveMinimum: true },
        },
        required: ['question'],
      },
    });
    const validator = template.toJSON().Resources[RequestValidatorId.Ref].Properties;
    expect(validator).toMatchObject({ ValidateRequestBody: true });
  });

  test.each([
    ['BAD_REQUEST_BODY', '422', 'urn:compound:problem:invalid-input'],
    ['REQUEST_TOO_LARGE', '413', 'urn:compound:problem:request-too-large'],
    ['UNSUPPORTED_MEDIA_TYPE', '415', 'urn:compound:problem:unsupported-media-type'],
    ['INTEGRATION_TIMEOUT', '504', 'urn:compound:problem:deadline-exceeded'],
    ['THROTTLED', '429', 'about:blank'],
    ['QUOTA_EXCEEDED', '429', 'about:blank'],
    ['DEFAULT_4XX', undefined, 'about:blank'],
    ['DEFAULT_5XX', undefined, 'about:blank'],
  ])('answers %s with a problem', (ResponseType, StatusCode, type) => {
    const [response] = Object.values(
      template.findResources('AWS::ApiGateway::GatewayResponse', { Properties: { ResponseType } }),
    );
    expect(response!.Properties.StatusCode).toBe(StatusCode);
    expect(response!.Properties.ResponseParameters).toEqual({
      'gatewayresponse.header.content-type': "'application/problem+json'",
    });
    const text = response!.Properties.ResponseTemplates['application/json'];
    // As the gateway fills it in: the message is quoted.
    const body = JSON.parse(text.replace('$context.error.messageString', '"Forbidden"'));
    expect(body).toMatchObject({ type, title: expect.any(String), detail: expect.any(String) });
    expect(body.status).toBe(StatusCode === undefined ? undefined : Number(StatusCode));
  });
});

describe('what the gateway answers itself', () => {
  /** `$` and `#` begin references and directives in a mapping template; JSON Schema has both. */
  const Person = z.object({ name: z.string() }).meta({ id: 'Person' });
  const odd = graph('odd', { description: 'Costs $1 #set($x = 1)', input: z.object({ a: Person, b: Person }) })
    .compute('n', [], () => 1)
    .output(['n'], ({ n }) => n);
  const stack = newStack();
  new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'Odd', { graph: odd })] });
  const template = Template.fromStack(stack);

  const templateAt = (path: string): string => {
    const { Integration } = methodAt(template, 'GET', path);
    expect(Integration).toMatchObject({
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': '{"statusCode": 200}' },
    });
    return Integration.IntegrationResponses[0].ResponseTemplates['application/json'];
  };

  test('is the list of agents', () => {
    expect(JSON.parse(templateAt('/agents'))).toEqual({
      agents: [{ name: 'odd', description: 'Costs $1 #set($x = 1)', runs: '/agents/odd/runs' }],
    });
  });

  test('is the API document that the agents would answer', () => {
    expect(JSON.parse(templateAt('/openapi.json'))).toEqual(JSON.parse(JSON.stringify(openApiFor([odd]))));
  });

  test.each(['/agents', '/openapi.json'])('at %s has nothing that a mapping template would act on', (path) => {
    expect(templateAt(path)).not.toMatch(/[$#]/);
  });
});

describe('authorization', () => {
  test('by users of a user pool', () => {
    const stack = newStack();
    const pool = new UserPool(stack, 'Pool');
    new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'a')], authorization: ApiAuthorization.cognito(pool) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'COGNITO_USER_POOLS',
      ProviderARNs: [stack.resolve(pool.userPoolArn)],
    });
    for (const { Properties } of methodsOf(template)) expect(Properties.AuthorizationType).toBe('COGNITO_USER_POOLS');
  });

  test('by an authorizer function', () => {
    const stack = newStack();
    const agent = new TestAgent(stack, 'a');
    const authorizer = new TokenAuthorizer(stack, 'Jwt', { handler: new TestAgent(stack, 'verify').function });
    new AgentApi(stack, 'Api', { agents: [agent], authorization: ApiAuthorization.custom(authorizer) });
    const methods = methodsOf(Template.fromStack(stack));
    for (const { Properties } of methods) expect(Properties.AuthorizationType).toBe('CUSTOM');
  });

  test('by API keys: one for each tenant, with a usage plan', () => {
    const tenants: ApiTenant[] = [
      {
        name: 'acme',
        throttling: { rateLimit: 5, burstLimit: 10 },
        quota: { limit: 1000, period: Period.DAY },
      },
      { name: 'globex', throttling: { rateLimit: 0.5, burstLimit: 1 } },
    ];
    const { template, api, stack } = deploy({ authorization: ApiAuthorization.apiKeys({ tenants }) });
    for (const { Properties } of methodsOf(template)) {
      expect(Properties).toMatchObject({ AuthorizationType: 'NONE', ApiKeyRequired: true });
    }
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      Quota: { Limit: 1000, Period: 'DAY' },
      ApiStages: [{ ApiId: Match.anyValue(), Stage: Match.anyValue() }],
    });
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 0.5, BurstLimit: 1 },
      Quota: Match.absent(),
    });
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 2);
    expect(Object.keys(api.apiKeys)).toEqual(['acme', 'globex']);
    template.hasResourceProperties('AWS::ApiGateway::UsagePlanKey', {
      KeyId: stack.resolve(api.apiKeys.acme!.keyId),
      KeyType: 'API_KEY',
    });
  });

  test('by nothing is warned of', () => {
    const { template, stack } = deploy({ authorization: ApiAuthorization.openToTheInternet() });
    for (const { Properties } of methodsOf(template)) expect(Properties.AuthorizationType).toBe('NONE');
    Annotations.fromStack(stack).hasWarning('/Test/Api', Match.stringLikeRegexp('anybody can call this API'));
  });
});

describe('grants.invoke()', () => {
  test('permits exactly the methods', () => {
    const { template } = deploy({}, (api, stack) => {
      api.grants.invoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    });
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const [statement] = policy!.Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({ Action: 'execute-api:Invoke', Effect: 'Allow' });
    const tails = statement.Resource.map((arn: any) => arn['Fn::Join'][1].at(-1));
    expect(tails).toEqual(['/GET/agents', '/GET/openapi.json', '/GET/agents/support', '/POST/agents/support/runs']);
  });

  test('is refused where permissions do not count', () => {
    const stack = newStack();
    const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const api = new AgentApi(stack, 'Api', {
      agents: [new TestAgent(stack, 'a')],
      authorization: ApiAuthorization.openToTheInternet(),
    });
    expect(() => api.grants.invoke(role)).toThrow(
      'authorization: does not look at IAM permissions: leave the grant out, or use ApiAuthorization.iam() [api/grant-without-iam]',
    );
  });
});

describe('options', () => {
  test('limit all requests, and the runs of an agent', () => {
    deploy({
      throttling: { rateLimit: 10, burstLimit: 20 },
      agentThrottling: { support: { rateLimit: 1, burstLimit: 2 } },
    }).template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
        {
          HttpMethod: 'POST',
          ResourcePath: '/~1agents~1support~1runs',
          ThrottlingRateLimit: 1,
          ThrottlingBurstLimit: 2,
        },
      ],
    });
  });

  test('let every body through to the agent', () => {
    const { template } = deploy({ validateInput: false });
    template.resourceCountIs('AWS::ApiGateway::Model', 0);
    template.resourceCountIs('AWS::ApiGateway::RequestValidator', 0);
  });

  test('let pages of a web site call, and read what the agents, the gateway and its errors answer', () => {
    const { template } = deploy({ corsOrigin: 'https://app.example.com' });
    const preflight = methodAt(template, 'OPTIONS', '/agents/support/runs');
    expect(preflight.AuthorizationType).toBe('NONE');
    expect(preflight.Integration.IntegrationResponses[0].ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Origin': "'https://app.example.com'",
      'method.response.header.Access-Control-Allow-Methods': "'POST'",
      'method.response.header.Access-Control-Allow-Headers': expect.stringContaining('compound-deadline-ms'),
    });
    expect(methodAt(template, 'GET', '/agents').Integration.IntegrationResponses[0].ResponseParameters).toMatchObject({
      'method.response.header.access-control-allow-origin': "'https://app.example.com'",
    });
    template.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseParameters: { 'gatewayresponse.header.access-control-allow-origin': "'https://app.example.com'" },
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { Variables: { corsOrigin: 'https://app.example.com' } });
  });

  test('let all pages call, in a word that a stage variable can hold', () => {
    const { template } = deploy({ corsOrigin: '*' });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { Variables: { corsOrigin: 'any' } });
  });

  test('put a web ACL in front', () => {
    const webAclArn = 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b';
    const { template, api, stack } = deploy({ webAclArn });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: webAclArn,
      ResourceArn: stack.resolve(api.restApi.deploymentStage.stageArn),
    });
  });

  test('leave the logs and their role to the account', () => {
    const stack = newStack();
    const accessLogGroup = LogGroup.fromLogGroupName(stack, 'Logs', 'requests');
    new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'a')], accessLogGroup, accountLogRole: false });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    template.resourceCountIs('AWS::IAM::Role', 1);
  });
});

describe('an agent that may take longer than the gateway waits', () => {
  const { template, stack } = deploy({}, (_, stack) => {
    const slow = new TestAgent(stack, 'slow', { deadline: Duration.seconds(60) });
    new AgentApi(stack, 'Slow', { agents: [slow] });
  });

  test('is waited for', () => {
    expect(methodAt(template, 'POST', '/agents/slow/runs').Integration.TimeoutInMillis).toBe(61_000);
  });

  test('is warned of', () => {
    Annotations.fromStack(stack).hasWarning(
      '/Test/Slow',
      Match.stringLikeRegexp('waits 29 s .* quota L-E5AE38E3 .* these agents may take longer: slow 61 s'),
    );
  });
});

describe('faults', () => {
  test.each<[what: string, props: (stack: Stack, agents: IAgent[]) => AgentApiProps, message: string]>([
    ['no agents', () => ({ agents: [] }), 'agents: is empty: give the API at least one agent [api/no-agents]'],
    [
      'two agents of one name',
      (_, agents) => ({ agents: [...agents, ...agents] }),
      'agents[1]: another agent of this API is named "support": rename one, or give it an API of its own [api/duplicate-agent]',
    ],
    [
      'a rate of nothing',
      (_, agents) => ({ agents, throttling: { rateLimit: 0, burstLimit: 1 } }),
      'throttling.rateLimit: must be a number of requests a second above 0, got: 0 [api/bad-throttling]',
    ],
    [
      'a burst of a half',
      (_, agents) => ({ agents, agentThrottling: { support: { rateLimit: 1, burstLimit: 0.5 } } }),
      'agentThrottling.support.burstLimit: must be a whole number of requests from 1, got: 0.5 [api/bad-throttling]',
    ],
    [
      'limits of an agent that is not there',
      (_, agents) => ({ agents, agentThrottling: { suport: { rateLimit: 1, burstLimit: 1 } } }),
      'agentThrottling.suport: is none of the agents: support [api/unknown-agent]',
    ],
    [
      'an origin with a path',
      (_, agents) => ({ agents, corsOrigin: 'https://app.example.com/' }),
      'corsOrigin: must be "*" or a scheme and a host, such as "https://app.example.com", got: "https://app.example.com/" [api/bad-origin]',
    ],
    [
      'no user pool',
      (_, agents) => ({ agents, authorization: ApiAuthorization.cognito() }),
      'authorization: has no user pool: give cognito() at least one [api/no-user-pools]',
    ],
    [
      'no tenants',
      (_, agents) => ({ agents, authorization: ApiAuthorization.apiKeys({ tenants: [] }) }),
      'authorization.tenants: is empty: nobody could call the API [api/no-tenants]',
    ],
  ])('%s', (_, props, message) => {
    expect(faultsOf((stack) => props(stack, [new TestAgent(stack, 'support')]))).toBe(
      `Test/Api has 1 fault(s):\n  ${message}`,
    );
  });

  test('of tenants come all at once', () => {
    const throttling = { rateLimit: 1, burstLimit: 1 };
    const tenants = [
      { name: 'acme', throttling },
      { name: 'acme', throttling: { rateLimit: -1, burstLimit: 1 } },
      { name: 'no spaces', throttling, quota: { limit: 0, period: Period.DAY } },
    ];
    const message = faultsOf((stack) => ({
      agents: [new TestAgent(stack, 'support')],
      authorization: ApiAuthorization.apiKeys({ tenants }),
    }));
    expect(message.split('\n  ')).toEqual([
      'Test/Api has 4 fault(s):',
      'authorization.tenants[1].name: two tenants are named "acme": rename one of them [api/duplicate-tenant]',
      'authorization.tenants[1].throttling.rateLimit: must be a number of requests a second above 0, got: -1 [api/bad-throttling]',
      'authorization.tenants[2].name: must be a letter, then up to 63 letters, digits, "_" or "-", got: "no spaces" [api/bad-tenant-name]',
      'authorization.tenants[2].quota.limit: must be a whole number of requests from 1, got: 0 [api/bad-quota]',
    ]);
  });

  test('a document that no mapping template holds', () => {
    const long = graph('long', { description: 'x'.repeat(310_000), input: z.object({}) })
      .compute('n', [], () => 1)
      .output(['n'], ({ n }) => n);
    const message = faultsOf((stack) => ({ agents: [new TestAgent(stack, 'long', { graph: long })] }));
    expect(message).toMatch(
      /agents: have descriptions and schemas of 31\d{4} bytes, the limit is 307200: spread the agents over several APIs \[api\/document-too-large\]/,
    );
  });

  test('more input schemas than an API may have models', () => {
    const names = Array.from({ length: 410 }, (_, i) => `${i}`.padStart(1000, 'x'));
    const input = z.object(Object.fromEntries(names.map((name) => [name, z.string().optional()])));
    const wide = graph('wide', { input })
      .compute('n', [], () => 1)
      .output(['n'], ({ n }) => n);
    const message = faultsOf((stack) => ({ agents: [new TestAgent(stack, 'wide', { graph: wide })] }));
    expect(message).toMatch(
      /agents: have input schemas of \d+ bytes, the limit is 409600: .* \[api\/models-too-large\]/,
    );
  });
});

test('the URL is an attribute', () => {
  const { api, stack } = deploy();
  expect(JSON.stringify(stack.resolve(api.url))).toContain('.execute-api.us-east-1.');
});
