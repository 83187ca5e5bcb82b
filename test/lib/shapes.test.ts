import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import {
  AdapterComponent,
  Agent,
  AgentApi,
  AgentApiAlarms,
  AgentDashboard,
  ApiAuthorization,
  FoundationModel,
  HttpService,
  ImportedModel,
  InferenceComponent,
  InferenceFleet,
  InferenceInstanceType,
  InferenceModel,
  LambdaTool,
  PolicyTuner,
  Prewarming,
  RoutingStrategy,
  SageMakerEndpoint,
  ScaleInPolicy,
  Spillover,
} from '../../lib';
import { TestAgent } from './agent/agent-api-agent';
import { echo } from './agent/fixtures/echo';
import { faultsOf } from './support/faults-of';

// As from JavaScript: nothing tells what may be given.
type Any = any;

const code = Code.fromInline('exports.handler = async () => ({});');
const components = { writer: new HttpService({ url: 'https://writer.example' }) };
const objective = { p95: Duration.seconds(8) };
const agentProps = { graph: echo, code, components };
const fleetProps = { instanceTypes: [InferenceInstanceType.G6_XLARGE], maxInstances: 1 };
const componentProps = { model: InferenceModel.fromSageMakerModelName('writer'), resources: { memoryMiB: 1024 } };
const scaling = { min: 1, max: 2, targetConcurrency: 4 };

type Make = (stack: Stack, props: Any) => unknown;

const agent: Make = (stack, props) => new Agent(stack, 'Echo', { ...agentProps, ...props });
const api: Make = (stack, props) => new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'echo')], ...props });
const fleet = (stack: Stack, props: Any = {}) => new InferenceFleet(stack, 'Gpu', { ...fleetProps, ...props });
const component = (stack: Stack, props: Any = {}) =>
  fleet(stack).addComponent('Writer', { ...componentProps, ...props });
const adapter: Make = (stack, props) => component(stack).addAdapter('Legal', { artifact: ARTIFACT, ...props });
const scaled = (stack: Stack, props: Any = {}) => component(stack).autoScaleCopies({ ...scaling, ...props });
const scheduled: Make = (stack, props) => scaled(stack).scaleOnSchedule('night', { schedule: ANY, ...props });
const bound: Make = (stack, writer) => agent(stack, { components: { writer } });
const tuner: Make = (stack, props) =>
  new PolicyTuner(stack, 'Tuner', { agents: [agent(stack, { objective }) as Agent], ...props });
const prewarming: Make = (stack, props) =>
  new Prewarming(stack, 'Prewarming', { agents: [agent(stack, {}) as Agent], monthlyBudget: 1, ...props });

const ARTIFACT: Any = { bucket: { bucketName: 'adapters' }, key: 'legal.tar.gz' };
const ANY: Any = { expressionString: 'rate(1 hour)' };

/** Ids and fields of what is wrong, without what has nothing to do with the shape. */
function told(make: Make, props: Any): string[] {
  const stack = new Stack(new App(), 'Test', { env: { region: 'us-east-1' } });
  return faultsOf(() => make(stack, props))
    .map(({ id, field }) => `${field} [${id}]`)
    .filter((fault) => /\/(kind|unknown|missing)\]$|compute/.test(fault));
}

describe('what nobody asked for is refused', () => {
  test.each<[string, Make, Any, string]>([
    ['of an agent', agent, { memory: 1024 }, 'memory [agent/unknown]'],
    ['of an objective', agent, { objective: { ...objective, p99: 9 } }, 'objective.p99 [agent/unknown]'],
    ['of how it is bundled', agent, { bundling: { minify: true } }, 'bundling.minify [agent/unknown]'],
    [
      'of what tenants may have',
      agent,
      { tenantLimits: { concurrency: 1, overrides: { acme: { rate: 1 } } } },
      'tenantLimits.overrides.acme.rate [agent/unknown]',
    ],
    [
      'of an agent that exists',
      (stack, props) => Agent.fromAgentAttributes(stack, 'Echo', { graph: echo, functionArn: 'arn', ...props }),
      { timeout: 1 },
      'timeout [agent/unknown]',
    ],
    [
      'of a dashboard',
      (stack, props) => new AgentDashboard(stack, 'Dashboard', { agent: agent(stack, {}) as Agent, ...props }),
      { title: 'Echo' },
      'title [dashboard/unknown]',
    ],
    ['of an API', api, { cors: '*' }, 'cors [api/unknown]'],
    [
      'of its throttling',
      api,
      { throttling: { rateLimit: 1, burstLimit: 1, rate: 1 } },
      'throttling.rate [api/unknown]',
    ],
    [
      'of API keys',
      (stack, options) => api(stack, { authorization: ApiAuthorization.apiKeys(options) }),
      { tenants: [], keys: [] },
      'authorization.keys [api/unknown]',
    ],
    [
      'of tokens',
      (stack, options) => api(stack, { authorization: ApiAuthorization.jwt(options) }),
      { issuer: 'https://issuer.example', audience: ['api'], audiences: [] },
      'authorization.audiences [api/unknown]',
    ],
    [
      'of the alarms of an agent',
      (stack, options) => (agent(stack, {}) as Agent).alarms(options),
      { maxErrorRate: 5 },
      'maxErrorRate [alarms/unknown]',
    ],
    [
      'of the alarms of an API',
      (stack, options) => (api(stack, {}) as AgentApi).alarms(options),
      { maxErrorRate: 5 },
      'maxErrorRate [alarms/unknown]',
    ],
    ['of a fleet', fleet, { minInstance: 0 }, 'minInstance [fleet/unknown]'],
    [
      'of how it scales in',
      (stack, options) => fleet(stack, { scaleIn: ScaleInPolicy.consolidation(options) }),
      { maxSteps: 1 },
      'scaleIn.maxSteps [fleet/unknown]',
    ],
    [
      'of its routing',
      (stack, options) => fleet(stack, { routing: RoutingStrategy.prefixAware(options) }),
      { prefixLength: 1024, concurrencyThreshold: 1, concurrency: 1 },
      'routing.concurrency [fleet/unknown]',
    ],
    [
      'of a fleet that exists',
      (stack, props) => InferenceFleet.fromFleetAttributes(stack, 'Gpu', { endpointName: 'gpu', ...props }),
      { variant: 'main' },
      'variant [fleet/unknown]',
    ],
    ['of a component', component, { copies: 2 }, 'copies [component/unknown]'],
    [
      'of what it reserves',
      component,
      { resources: { memoryMiB: 1024, gpus: 1 } },
      'resources.gpus [component/unknown]',
    ],
    [
      'of its container',
      (stack, container) => component(stack, { model: InferenceModel.fromContainer(container) }),
      { image: { _check: () => {} }, env: {} },
      'model.env [component/unknown]',
    ],
    [
      'of a component that exists',
      (stack, props) => InferenceComponent.fromInferenceComponentAttributes(stack, 'Writer', props),
      { inferenceComponentName: 'writer', endpointName: 'gpu', endpoint: 'gpu' },
      'endpoint [component/unknown]',
    ],
    ['of an adapter', adapter, { copies: 2 }, 'copies [adapter/unknown]'],
    ['of scaling', scaled, { minimum: 0 }, 'minimum [scaling/unknown]'],
    ['of a schedule', scheduled, { min: 1, maximum: 2 }, 'schedule "night".maximum [scaling/unknown]'],
    [
      'of an imported model',
      (stack, props) => new ImportedModel(stack, 'Writer', props),
      { weights: { bucket: ARTIFACT.bucket, prefix: 'writer', key: 'x' } },
      'weights.key [imported-model/unknown]',
    ],
    [
      'of one that was imported already',
      (stack, options) => ImportedModel.fromModelArn(stack, 'Writer', 'arn', options),
      { units: 2 },
      'units [imported-model/unknown]',
    ],
    ['of a tuner', tuner, { retention: 1 }, 'retention [tuner/unknown]'],
    ['of what it may do', tuner, { mechanisms: { floor: true } }, 'mechanisms.floor [tuner/unknown]'],
    ['of pre-warming', prewarming, { budget: 1 }, 'budget [prewarming/unknown]'],
    [
      'of its alarms',
      (stack, options) => (prewarming(stack, {}) as Prewarming).alarms(options),
      { maxBudget: 1 },
      'maxBudget [prewarming/unknown]',
    ],
    [
      'of an HTTP service',
      bound,
      new HttpService({ url: 'https://x', uri: 1 } as Any),
      'components.writer.uri [binding/unknown]',
    ],
    [
      'of a foundation model',
      bound,
      FoundationModel.fromModelId('openai.gpt-oss-20b-1:0', { prices: {} } as Any),
      'components.writer.prices [binding/unknown]',
    ],
    [
      'of a function',
      bound,
      LambdaTool.fromFunction({ functionArn: 'arn', env: { region: 'us-east-1' } } as Any, { prices: {} } as Any),
      'components.writer.prices [binding/unknown]',
    ],
    [
      'of an endpoint',
      bound,
      SageMakerEndpoint.fromEndpointName('gpu', { component: 'writer' } as Any),
      'components.writer.component [binding/unknown]',
    ],
    [
      'of a spillover',
      bound,
      Spillover.of([components.writer, FoundationModel.fromModelId('openai.gpt-oss-20b-1:0')], { where: {} } as Any),
      'components.writer.where [spillover/unknown]',
    ],
  ])('%s', (_, make, props, fault) => {
    expect(told(make, props)).toEqual([fault]);
  });

  test('with the names that there are, and with all else that is wrong', () => {
    const faults = faultsOf(() => fleet(new Stack(), { minInstance: 0, maxInstances: 0 }));
    expect(faults).toMatchObject([
      {
        id: 'fleet/unknown',
        message: expect.stringMatching(
          /^is none of instanceTypes, maxInstances, minInstances, .*: correct it, or leave it out$/,
        ),
      },
      { id: 'fleet/instance-count' },
    ]);
    expect(told(agent, { memory: 1, deadline: Duration.hours(1) })).toEqual(['memory [agent/unknown]']);
    const ofAgent = faultsOf(() => agent(new Stack(), { memory: 1, deadline: Duration.hours(1) }));
    expect(ofAgent.map(({ id }) => id)).toEqual(['agent/unknown', 'agent/deadline-range']);
  });

  test('unless it is left undefined', () => {
    expect(told(agent, { memory: undefined })).toEqual([]);
  });

  test('compute of an adapter, which its base has', () => {
    expect(told(adapter, { resources: { memoryMiB: 1024 } })).toEqual(['resources [adapter/compute]']);
  });
});

describe('what is of another kind is refused', () => {
  test.each<[string, Make, Any, string]>([
    ['a text for a number', agent, { reservedConcurrentExecutions: '5' }, 'reservedConcurrentExecutions [agent/kind]'],
    [
      'no use of tokens',
      (stack, options) => api(stack, { authorization: ApiAuthorization.jwt(options) }),
      { issuer: 'https://issuer.example', audience: ['api'], tokenUse: 'both' },
      'authorization.tokenUse [api/kind]',
    ],
    [
      'no strategy',
      component,
      { placement: { strategy: 'NEAR', maxZoneImbalance: 1 } },
      'placement.strategy [component/kind]',
    ],
    ['no policy of removal', prewarming, { removalPolicy: 'keep' }, 'removalPolicy [prewarming/kind]'],
    [
      'nothing to show',
      (stack, props) => new AgentDashboard(stack, 'Dashboard', props),
      { agent: 'echo' },
      'agent [dashboard/kind]',
    ],
    ['a number for a duration', agent, { deadline: 20 }, 'deadline [agent/kind]'],
    ['a number for that of an objective', agent, { objective: { p95: 8 } }, 'objective.p95 [agent/kind]'],
    ['a number for an objective', agent, { objective: 8 }, 'objective [agent/kind]'],
    ['null for a network', agent, { vpc: null }, 'vpc [agent/kind]'],
    ['a text for a VPC', agent, { vpc: 'vpc-1' }, 'vpc [agent/kind]'],
    ['a number for a variable', agent, { environment: { LIMIT: 5 } }, 'environment.LIMIT [agent/kind]'],
    ['a text for components', agent, { components: 'writer' }, 'components [agent/kind]'],
    ['a text for an authorization', api, { authorization: 'iam' }, 'authorization [api/kind]'],
    ['nothing among agents', api, { agents: [undefined] }, 'agents[0] [api/kind]'],
    ['one agent for a list', api, { agents: 'echo' }, 'agents [api/kind]'],
    ['a text for properties', (stack, props) => new AgentApi(stack, 'Api', props), 'echo', 'props [api/kind]'],
    ['a text for a type', fleet, { instanceTypes: ['ml.g6.xlarge'] }, 'instanceTypes[0] [fleet/kind]'],
    ['a text for a model', component, { model: 'writer' }, 'model [component/kind]'],
    [
      'a text for a base',
      (stack, props) => new AdapterComponent(stack, 'Legal', { artifact: ARTIFACT, fleet: fleet(stack), ...props }),
      { base: 'writer' },
      'base [adapter/kind]',
    ],
    ['a number for a cooldown', scaled, { scaleInCooldown: 300 }, 'scaleInCooldown [scaling/kind]'],
    [
      'a text for weights',
      (stack, props) => new ImportedModel(stack, 'Writer', props),
      { weights: 's3://models/writer' },
      'weights [imported-model/kind]',
    ],
    ['nothing among the agents of a tuner', tuner, { agents: [null] }, 'agents[0] [tuner/kind]'],
    ['a text for a policy', prewarming, { policy: 'entry' }, 'policy [prewarming/kind]'],
    [
      'a function for an action',
      (stack, options) => (agent(stack, {}) as Agent).alarms(options),
      { actions: [() => {}] },
      'actions[0] [alarms/kind]',
    ],
    ['a number for a URL', bound, new HttpService({ url: 5 } as Any), 'components.writer.url [binding/kind]'],
    [
      'a text for a backend',
      bound,
      Spillover.of([components.writer, 'writer' as Any]),
      'components.writer.alternatives[1] [spillover/kind]',
    ],
  ])('%s', (_, make, props, fault) => {
    expect(told(make, props)).toEqual([fault]);
  });

  test('with what it must be', () => {
    const messageOf = (props: Any) => faultsOf(() => agent(new Stack(), props))[0]!.message;
    expect(messageOf({ deadline: 20 })).toBe('must be a Duration, as in Duration.seconds(30), got: 20');
    expect(messageOf({ deadline: {} })).toBe('must be a Duration, as in Duration.seconds(30), got: an object');
    expect(messageOf({ entry: [] })).toBe('must be a text, got: a list');
  });
});

test.each<[string, Make, string[]]>([
  ['alarms', (stack, props) => new AgentApiAlarms(stack, 'Alarms', props), ['api [alarms/missing]']],
  [
    'a spillover',
    (stack, alternatives) => bound(stack, Spillover.of(alternatives)),
    ['components.writer.alternatives [spillover/missing]'],
  ],
  ['a dashboard', (stack, props) => new AgentDashboard(stack, 'Dashboard', props), ['agent [dashboard/missing]']],
])('what must be given, and is not, is named: of %s', (_, make, faults) => {
  expect(told(make, undefined)).toEqual(faults);
});
