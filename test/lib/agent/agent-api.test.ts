import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ApiKey, Period, TokenAuthorizer, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
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
import { streamingGraph, TestAgent } from './agent-api-agent';
import { methodAt, methodsOf, pathsOf } from './api-template';

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

const tenantsOf = (count: number): ApiTenant[] =>
  Array.from({ length: count }, (_, i) => ({ name: `t${i}`, throttling: { rateLimit: 1, burstLimit: 1 } }));

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

  test('has two methods of its own, and six for each agent: its own, and those of its doors', () => {
    const paths = pathsOf(template);
    const found = methodsOf(template).map(
      ({ Properties }) => `${Properties.HttpMethod} ${paths.get(Properties.ResourceId.Ref)}`,
    );
    expect(found.sort()).toEqual([
      'GET /agents',
      'GET /agents',
      'GET /agents/a',
      'GET /agents/a/mcp',
      'GET /agents/a/v1/{proxy+}',
      'GET /agents/b',
      'GET /agents/b/mcp',
      'GET /agents/b/v1/{proxy+}',
      'GET /agents/support',
      'GET /agents/support/mcp',
      'GET /agents/support/v1/{proxy+}',
      'GET /openapi.json',
      'GET /openapi.json',
      'POST /agents/a/mcp',
      'POST /agents/a/runs',
      'POST /agents/a/v1/{proxy+}',
      'POST /agents/b/mcp',
      'POST /agents/b/runs',
      'POST /agents/b/v1/{proxy+}',
      'POST /agents/support/mcp',
      'POST /agents/support/runs',
      'POST /agents/support/v1/{proxy+}',
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
    const allowed = permissions.map(({ Properties }) => [
      Properties.FunctionName['Fn::GetAtt'][0],
      Properties.SourceArn['Fn::Join'][1].slice(-3),
    ]);
    const fromStage = (stage: string, path: string) => ['/', { Ref: expect.stringContaining(stage) }, `/*${path}*`];
    expect(allowed).toEqual([
      [expect.stringMatching(/^support/), fromStage('ApiDeploymentStageprod', '/agents/support')],
      [expect.stringMatching(/^a/), fromStage('BothDeploymentStageprod', '/agents/a')],
      [expect.stringMatching(/^b/), fromStage('BothDeploymentStageprod', '/agents/b')],
    ]);
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

  test('tells the bytes that an agent takes of a body', () => {
    const [response] = Object.values(
      template.findResources('AWS::ApiGateway::GatewayResponse', {
        Properties: { ResponseType: 'REQUEST_TOO_LARGE' },
      }),
    );
    expect(response!.Properties.ResponseTemplates['application/json']).toContain('a body may have 4194304 bytes');
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
      agents: [{ name: 'odd', description: 'Costs $1 #set($x = 1)', runs: 'agents/odd/runs' }],
    });
  });

  test('is the API document that the agents would answer, and how requests are signed', () => {
    const sigV4 = {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    };
    const document = JSON.parse(templateAt('/openapi.json'));
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiFor([odd], sigV4))));
  });

  test.each(['/agents', '/openapi.json'])('at %s has nothing that a mapping template would act on', (path) => {
    expect(templateAt(path)).not.toMatch(/[$#]/);
  });
});

describe('authorization', () => {
  /** How the API's document tells callers to authenticate. */
  const schemesIn = (template: Template) => {
    const [answer] = methodAt(template, 'GET', '/openapi.json').Integration.IntegrationResponses;
    return JSON.parse(answer.ResponseTemplates['application/json']).components.securitySchemes;
  };

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
    expect(schemesIn(template)).toEqual({
      caller: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        'x-amazon-apigateway-authtype': 'cognito_user_pools',
      },
    });
  });

  test('by an authorizer function', () => {
    const stack = newStack();
    const agent = new TestAgent(stack, 'a');
    const authorizer = new TokenAuthorizer(stack, 'Jwt', { handler: new TestAgent(stack, 'verify').function });
    new AgentApi(stack, 'Api', { agents: [agent], authorization: ApiAuthorization.custom(authorizer) });
    const template = Template.fromStack(stack);
    for (const { Properties } of methodsOf(template)) expect(Properties.AuthorizationType).toBe('CUSTOM');
    // What it reads of a request is its own.
    expect(schemesIn(template)).toBeUndefined();
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
    expect(schemesIn(template)).toEqual({ caller: { type: 'apiKey', in: 'header', name: 'x-api-key' } });
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

  test('by API keys has room for 100 tenants, and for more in another stack', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const api = new AgentApi(stack, 'Api', {
      agents: [new TestAgent(stack, 'a')],
      authorization: ApiAuthorization.apiKeys({ tenants: tenantsOf(100) }),
    });
    const others = new Stack(app, 'Others');
    new UsagePlan(others, 'Plan', { apiStages: [{ stage: api.restApi.deploymentStage }] }).addApiKey(
      new ApiKey(others, 'Key'),
    );
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::UsagePlan', 100);
    Template.fromStack(others).resourceCountIs('AWS::ApiGateway::UsagePlan', 1);
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
    expect(tails).toEqual([
      '/GET/agents',
      '/GET/openapi.json',
      '/GET/agents/support',
      '/POST/agents/support/runs',
      '/GET/agents/support/v1/*',
      '/POST/agents/support/v1/*',
      '/GET/agents/support/mcp',
      '/POST/agents/support/mcp',
    ]);
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
  test('limit the requests of each method, and those for runs of an agent apart from them', () => {
    deploy({
      throttling: { rateLimit: 10, burstLimit: 20 },
      agentThrottling: { support: { rateLimit: 1, burstLimit: 2 } },
    }).template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
        ...['runs', 'v1~1{proxy+}', 'mcp'].map((door) => ({
          HttpMethod: 'POST',
          ResourcePath: `/~1agents~1support~1${door}`,
          ThrottlingRateLimit: 1,
          ThrottlingBurstLimit: 2,
        })),
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
      'method.response.header.Access-Control-Allow-Headers': expect.stringContaining(
        'compound-deadline-ms,compound-work-class,compound-probe',
      ),
    });
    const door = methodAt(template, 'OPTIONS', '/agents/support/v1/{proxy+}').Integration.IntegrationResponses[0];
    expect(door.ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
      'method.response.header.Access-Control-Allow-Headers': expect.stringContaining('X-Stainless-Retry-Count'),
    });
    // What the AWS SDK sends with a signed request.
    for (const name of [
      'authorization',
      'content-type',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
    ]) {
      const { ResponseParameters } = preflight.Integration.IntegrationResponses[0];
      const allowed = ResponseParameters['method.response.header.Access-Control-Allow-Headers'];
      expect(allowed.toLowerCase().slice(1, -1).split(',')).toContain(name);
    }
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

test('two APIs of a stack set the role of the account once, before the stages of both', () => {
  const { template } = deploy({}, (_, stack) => {
    new AgentApi(stack, 'Other', { agents: [new TestAgent(stack, 'other')] });
  });
  const [account, ...more] = Object.keys(template.findResources('AWS::ApiGateway::Account'));
  expect(more).toEqual([]);
  const stages = Object.values(template.findResources('AWS::ApiGateway::Stage'));
  expect(stages).toHaveLength(2);
  for (const { DependsOn } of stages) expect(DependsOn).toContain(account);
});

describe('metrics', () => {
  const { api, stack } = deploy();

  test.each([
    ['Count', api.metricCount(), 'SampleCount'],
    ['Latency', api.metricLatency(), 'p95'],
    ['4XXError', api.metricClientErrors(), 'Sum'],
    ['5XXError', api.metricServerErrors(), 'Sum'],
  ])('has %s of the stage', (metricName, metric, statistic) => {
    expect(metric).toMatchObject({ namespace: 'AWS/ApiGateway', metricName, statistic });
    expect(stack.resolve(metric.dimensions)).toEqual({
      ApiName: 'Test-Api',
      Stage: stack.resolve(api.restApi.deploymentStage.stageName),
    });
  });

  test('can have another statistic', () => {
    expect(api.metricLatency({ statistic: 'p99' }).statistic).toBe('p99');
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
      Match.stringLikeRegexp(
        'waits 29 s .* quota L-E5AE38E3 .* these agents may take longer: slow 61 s.*api/timeout-above-default-quota',
      ),
    );
  });
});

describe('an agent whose graph streams', () => {
  const { template, stack } = deploy({}, (_, stack) => {
    const agents = [
      new TestAgent(stack, 'teller', { graph: streamingGraph('teller'), deadline: Duration.minutes(10) }),
      new TestAgent(stack, 'plain'),
    ];
    new AgentApi(stack, 'Told', { agents });
  });

  test.each([
    ['GET', '/agents/teller'],
    ['POST', '/agents/teller/runs'],
  ])('has its answers passed on as they come: %s %s', (method, path) => {
    const { Integration } = methodAt(template, method, path);
    expect(Integration).toMatchObject({
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      ResponseTransferMode: 'STREAM',
      TimeoutInMillis: 601_000,
    });
    expect(JSON.stringify(Integration.Uri)).toMatch(
      /:lambda:path\/2021-11-15\/functions\/.*teller.*\/response-streaming-invocations/,
    );
  });

  test('changes nothing for the others', () => {
    const { Integration } = methodAt(template, 'POST', '/agents/plain/runs');
    expect(Integration).not.toHaveProperty('ResponseTransferMode');
    expect(JSON.stringify(Integration.Uri)).toMatch(/2015-03-31.*\/invocations/);
  });

  test('needs no quota for a long run, and what it goes without is told', () => {
    const warnings = Annotations.fromStack(stack).findWarning('/Test/Told', Match.anyValue());
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching(
        /^answers of these agents stream, .*: teller; API Gateway neither caches nor compresses them.*api\/answers-stream/,
      ),
    ]);
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
      'a web ACL for CloudFront',
      (_, agents) => ({ agents, webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b' }),
      'webAclArn: must be the ARN of a web ACL of AWS WAF (wafv2) of the scope REGIONAL, got: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b" [api/bad-web-acl]',
    ],
    [
      'more tenants than a stack has room for',
      (_, agents) => ({ agents, authorization: ApiAuthorization.apiKeys({ tenants: tenantsOf(101) }) }),
      'authorization.tenants: has 101 tenants, which one stack has no room for beyond 100: give the others keys and usage plans of api.restApi.deploymentStage in stacks of their own [api/too-many-tenants]',
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

test('another name of a function deploys the API anew, which calls it by that name', () => {
  const deploymentOf = (functionName: string) => {
    const stack = newStack();
    new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support', { functionName })] });
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
  };
  expect(deploymentOf('one')).not.toEqual(deploymentOf('two'));
  expect(deploymentOf('one')).toEqual(deploymentOf('one'));
});

test('the URL is an attribute', () => {
  const { api, stack } = deploy();
  expect(JSON.stringify(stack.resolve(api.url))).toContain('.execute-api.us-east-1.');
});
