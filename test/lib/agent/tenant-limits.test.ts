import { App, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Agent, AgentApi, ApiAuthorization, HttpService, type TenantLimits } from '../../../lib';
import { formatFault } from '../../../lib/errors';
import { faultsOf } from '../support/faults-of';
import { echo } from './fixtures/echo';

function agentWith(tenantLimits?: TenantLimits, use: (agent: Agent, stack: Stack) => void = () => {}) {
  const stack = new Stack(new App(), 'Test');
  const agent = new Agent(stack, 'Echo', {
    graph: echo,
    code: Code.fromInline('exports.handler = async () => ({});'),
    components: { writer: new HttpService({ url: 'https://writer.example' }) },
    ...(tenantLimits && { tenantLimits }),
  });
  use(agent, stack);
  return stack;
}

const templateWith = (limits?: TenantLimits) => Template.fromStack(agentWith(limits));

const LIMITS: TenantLimits = {
  concurrency: 4,
  throttling: { rateLimit: 0.5, burstLimit: 10 },
  overrides: { acme: { concurrency: 40 } },
};

test('limits make a table whose items expire, which is paid for by use and goes with the stack', () => {
  templateWith(LIMITS).hasResource('AWS::DynamoDB::Table', {
    Properties: {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    },
    DeletionPolicy: 'Delete',
  });
});

test('the function is told of the table and the limits, and may update its items and nothing else', () => {
  const stack = agentWith(LIMITS);
  const template = Template.fromStack(stack);
  const [table] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function')) as any;
  const [before, ref, after] = Properties.Environment.Variables.COMPOUND_CONFIG['Fn::Join'][1];
  expect(ref).toEqual({ Ref: table });
  const { overrides, ...limits } = LIMITS;
  expect(JSON.parse(`${before}tenants${after}`).tenantLimits).toEqual({ table: 'tenants', limits, overrides });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        { Action: 'dynamodb:UpdateItem', Effect: 'Allow', Resource: { 'Fn::GetAtt': [table, 'Arn'] } },
      ]),
    },
  });
});

test('without limits there is no table, and the function is told of none', () => {
  const template = templateWith();
  template.resourceCountIs('AWS::DynamoDB::Table', 0);
  expect(JSON.stringify(template)).not.toContain('tenantLimits');
});

const faults = (limits: TenantLimits) => faultsOf(() => agentWith(limits)).map(formatFault);

test.each<[string, TenantLimits]>([
  ['tenantLimits: limits nothing: give it "concurrency" or "throttling", or leave it out [agent/no-tenant-limits]', {}],
  [
    'tenantLimits.concurrency: must be a whole number of runs from 1 to 500, got: 0 [agent/tenant-concurrency]',
    { concurrency: 0 },
  ],
  [
    'tenantLimits.concurrency: must be a whole number of runs from 1 to 500, got: 501 [agent/tenant-concurrency]',
    { concurrency: 501 },
  ],
  [
    'tenantLimits.concurrency: must be a whole number of runs from 1 to 500, got: 1.5 [agent/tenant-concurrency]',
    { concurrency: 1.5 },
  ],
  [
    'tenantLimits.throttling.rateLimit: must be a number of requests a second above 0, got: 0 [agent/bad-throttling]',
    { throttling: { rateLimit: 0, burstLimit: 1 } },
  ],
  [
    'tenantLimits.throttling.burstLimit: must be a whole number of requests from 1, got: 0 [agent/bad-throttling]',
    { throttling: { rateLimit: 1, burstLimit: 0 } },
  ],
  [
    'tenantLimits.throttling.burstLimit: is required: give it a value [agent/missing]',
    { throttling: { rateLimit: 1 } as any },
  ],
  [
    'tenantLimits.overrides.acme: is no different from the other tenants: give it "concurrency" or "throttling", or leave it out [agent/no-tenant-limits]',
    { concurrency: 1, overrides: { acme: {} } },
  ],
  [
    'tenantLimits.overrides.acme.concurrency: must be a whole number of runs from 1 to 500, got: -1 [agent/tenant-concurrency]',
    { overrides: { acme: { concurrency: -1 } } },
  ],
  [
    'tenantLimits.overrides: must be at most 200 tenants, got: 201; let the others share what all have [agent/too-many-tenants]',
    { overrides: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`t${at}`, { concurrency: 1 }])) },
  ],
])('refused: %s', (fault, limits) => {
  expect(faults(limits)).toEqual([fault]);
});

test('a limit that is known at deployment only is not checked before', () => {
  expect(() => templateWith({ concurrency: Token.asNumber({ Ref: 'AWS::AccountId' }) })).not.toThrow();
});

describe('overrides go by the names of tenants', () => {
  const issuer = { issuer: 'https://issuer.example', audience: ['api'] };
  const keys = ApiAuthorization.apiKeys({
    tenants: [{ name: 'acme', throttling: { rateLimit: 1, burstLimit: 1 } }],
  });
  const warningsWith = (authorization: ApiAuthorization, limits: TenantLimits) => {
    const stack = agentWith(limits, (agent) => void new AgentApi(agent, 'Api', { agents: [agent], authorization }));
    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('api/overrides-without-names'));
    return found.map(({ entry }) => entry.data);
  };

  test.each([
    ['API keys', keys],
    ['IAM', ApiAuthorization.iam()],
    ['tokens without a claim for it', ApiAuthorization.jwt(issuer)],
  ])('an API whose callers are known by %s, which name none, says that they have no effect', (_, authorization) => {
    expect(warningsWith(authorization, LIMITS)).toEqual([
      expect.stringContaining(
        'overrides of tenantLimits have no effect for callers of this API, whose authorization names no tenants: echo; use jwt({ tenantClaim }), or leave the overrides out',
      ),
    ]);
  });

  test('where tenants have names there is nothing to say, nor where there are no overrides', () => {
    expect(warningsWith(ApiAuthorization.jwt({ ...issuer, tenantClaim: 'org' }), LIMITS)).toEqual([]);
    expect(warningsWith(keys, { concurrency: 4 })).toEqual([]);
  });
});

test('an agent with limits has an alarm on runs that begin without a look at them', () => {
  const alarms = (limits?: TenantLimits) => {
    const template = Template.fromStack(agentWith(limits, (agent) => void agent.alarms()));
    return Object.keys(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'UncheckedRequests' } }),
    );
  };
  expect(alarms(LIMITS)).toHaveLength(1);
  expect(alarms()).toEqual([]);
});
