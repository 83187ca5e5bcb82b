import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { graph, model } from 'cdk-compound-inference/graph';
import * as z from 'zod';
import { Agent, type AgentProps, HttpService, type IComponent, SageMakerEndpoint } from '../../../lib';
import { faultsOf } from '../support/faults-of';

const writer = model('writer');
const judge = model('judge', { format: 'converse' });
const support = graph('support', { input: z.object({}), budgetUsd: 1 })
  .node('draft', { call: writer, input: () => 'Write' })
  .node('verdict', ['draft'], { call: judge, input: () => 'Judge' })
  .output(({ verdict }) => verdict);

/** What a user's own class may return. */
const returning = (binding: unknown): IComponent => ({ bind: () => binding as never });

const free = { perCallUsd: 0 };
const components = {
  writer: returning({ type: 'http', url: 'https://writer.example', price: free }),
  judge: returning({ type: 'bedrock', modelId: 'amazon.nova-lite-v1:0', price: free }),
};

const code = Code.fromInline('exports.handler = async () => ({});');

const make = (props: Partial<AgentProps<typeof support>>, stack = new Stack(new App(), 'Test')) =>
  new Agent(stack, 'Support', { graph: support, code, components, ...props });

/** Ids and fields. */
const faultsWith = (props: Partial<AgentProps<typeof support>>, stack?: Stack) =>
  faultsOf(() => make(props, stack)).map(({ id, field }) => `${field} [${id}]`);

describe('all that is wrong with an agent is in one error', () => {
  test('whether it is the function, the environment, the code or a component', () => {
    const make = () =>
      new Agent(new Stack(new App(), 'Test'), 'Support', {
        graph: support,
        entry: `${__dirname}/fixtures/broken.ts`,
        components: {
          writer: new HttpService({ url: 'https://writer.example', price: { perCallUsd: -1 } }),
          judge: SageMakerEndpoint.fromEndpointName('gpu'),
        },
        deadline: Duration.hours(1),
        memorySize: 1,
        environment: { PROMPT: 'x'.repeat(5_000) },
        runRecords: 'some' as never,
        tenantLimits: {},
      });
    expect(faultsOf(make).map(({ id, field }) => `${field} [${id}]`)).toEqual([
      'deadline [agent/deadline-range]',
      'memorySize [agent/memory-range]',
      'runRecords [agent/run-records]',
      'tenantLimits [agent/no-tenant-limits]',
      'entry [agent/entry-bundle]',
      'components.writer [agent/binding]',
      'components.judge.format [binding/format]',
      'environment [agent/environment-too-large]',
    ]);
    expect(make).toThrow(/^Test\/Support has 8 fault/);
  });

  test('also if all of the function itself is well', () => {
    const props = {
      components: { ...components, judge: SageMakerEndpoint.fromEndpointName('gpu') },
      environment: { PROMPT: 'x'.repeat(5_000) },
    };
    expect(faultsWith(props)).toEqual([
      'components.judge.format [binding/format]',
      'environment [agent/environment-too-large]',
    ]);
    expect(() => make(props)).toThrow(/^Test\/Support has 2 fault/);
  });

  test('what is no component, or only the deployment knows, hides nothing', () => {
    const props = {
      components: { writer: undefined as never, judge: SageMakerEndpoint.fromEndpointName('gpu') },
      deadline: Duration.seconds(Token.asNumber({ Ref: 'Deadline' })),
    };
    expect(faultsWith(props)).toEqual([
      'components.writer [agent/component-unbound]',
      'deadline [agent/unknown-duration]',
      'components.judge.format [binding/format]',
    ]);
  });
});

test.each<[string, unknown, string[]]>([
  ['nothing', undefined, ['binding.type must be one of sagemaker, bedrock, lambda, http, spillover']],
  [
    'a spillover without backends',
    { type: 'spillover' },
    ['binding.alternatives must be a list of two or more backends'],
  ],
  [
    'a field that is none, in place of another',
    { type: 'http', uri: 'https://x' },
    ['binding.url must be a string', 'binding.uri is none of url, model, headers, secret, price'],
  ],
  [
    'headers that are none',
    { type: 'http', url: 'https://x', headers: ['text'] },
    ['binding.headers must be an object of strings'],
  ],
])('a binding that the runtime would refuse is refused: %s', (_, binding, messages) => {
  expect(faultsOf(() => make({ components: { ...components, writer: returning(binding) } }))).toEqual(
    messages.map((message) => ({ id: 'agent/binding', field: 'components.writer', message })),
  );
});

test('which runs are recorded is one of what the function knows', () => {
  expect(faultsOf(() => make({ runRecords: 'some' as never }))).toEqual([
    { id: 'agent/run-records', field: 'runRecords', message: 'must be one of all, failed, none, got: "some"' },
  ]);
});

test('what a component of the user throws hides nothing that is wrong with the agent', () => {
  const cause = new Error('boom');
  const broken: IComponent = {
    bind: () => {
      throw cause;
    },
  };
  const withBroken = { ...components, judge: broken };
  expect(() => make({ components: withBroken })).toThrow(cause);
  expect(() => make({ components: withBroken, memorySize: 1 })).toThrow(
    expect.objectContaining({ cause, faults: [expect.objectContaining({ id: 'agent/memory-range' })] }),
  );
});

test('the subnets of a VPC that the CLI has still to look up are taken as they are named', () => {
  const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'us-east-1' } });
  const vpc = Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' });
  expect(() => make({ vpc, vpcSubnets: { subnetGroupName: 'agents' } }, stack)).not.toThrow();
});

describe('the network of the function', () => {
  const stack = new Stack(new App(), 'Test');
  const isOpen = { subnetConfiguration: [{ name: 'Open', subnetType: SubnetType.PUBLIC }] };
  const vpc = new Vpc(stack, 'Vpc');
  const open = new Vpc(stack, 'Open', isOpen);
  const onlyPublic =
    'selects public subnets of Test/Open, where a function has no public address and reaches nothing outside: select private ones, ' +
    'as in { subnetType: SubnetType.PRIVATE_WITH_EGRESS }';

  test.each<[string, Partial<AgentProps<typeof support>>, string, string | RegExp]>([
    ['has public subnets only', { vpc: open }, 'vpcSubnets', onlyPublic],
    ['is chosen to be public', { vpc: open, vpcSubnets: { subnetType: SubnetType.PUBLIC } }, 'vpcSubnets', onlyPublic],
    [
      'has no subnets of the kind asked for',
      { vpc: open, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
      'vpcSubnets',
      /^selects no subnet of Test\/Open \(There are no 'Private' subnet groups in this VPC.*\): name subnets that it has$/,
    ],
    [
      'has no security group',
      { vpc, securityGroups: [] },
      'securityGroups',
      'must not be empty: leave it out for a group of its own',
    ],
    ['is left out beside subnets', { vpcSubnets: {} }, 'vpcSubnets', 'needs vpc: give the network that has them'],
    [
      'is left out beside security groups',
      { securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] },
      'securityGroups',
      'needs vpc: give the network that has them',
    ],
  ])('is refused if it %s', (name, props, field, message) => {
    const ofOne = new Stack(stack, name.replaceAll(' ', '-'));
    const faults = faultsOf(() => make({ ...props, memorySize: 1 }, ofOne));
    expect(faults).toMatchObject([
      { id: 'agent/memory-range' },
      { id: 'agent/network', field, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });
});
