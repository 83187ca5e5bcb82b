import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AdapterComponent,
  Agent,
  AgentApi,
  ApiAuthorization,
  ConfigurationError,
  CopyBatch,
  HttpService,
  ImportedModel,
  InferenceComponent,
  InferenceFleet,
  InferenceInstanceType,
  InferenceModel,
  PolicyTuner,
  Prewarming,
  Spillover,
} from '../../lib';
import { TestAgent } from './agent/agent-api-agent';
import { echo } from './agent/fixtures/echo';

// As from JavaScript: nothing tells what must be given.
const without: any = {};
const nothing: any = undefined;

/** Ids and fields of the faults of what is made. */
function faultsOf(make: (stack: Stack) => unknown): string[] {
  try {
    make(new Stack(new App(), 'Test', { env: { region: 'us-east-1' } }));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.faults.map(({ message }) => message)).toEqual(error.faults.map(() => 'is required: give it a value'));
    return error.faults.map(({ id, field }) => `${field} [${id}]`);
  }
  return [];
}

const newFleet = (stack: Stack) =>
  new InferenceFleet(stack, 'Gpu', { instanceTypes: [InferenceInstanceType.G6_XLARGE], maxInstances: 1 });
const model = InferenceModel.fromSageMakerModelName('writer');
const resources = { memoryMiB: 1024 };

describe('what must be given, and is not, is named:', () => {
  test.each<[string, (stack: Stack) => unknown, string[]]>([
    [
      'of a fleet',
      (stack) => new InferenceFleet(stack, 'Gpu', without),
      ['instanceTypes [fleet/missing]', 'maxInstances [fleet/missing]'],
    ],
    [
      'of a fleet without any',
      (stack) => new InferenceFleet(stack, 'Gpu', nothing),
      ['instanceTypes [fleet/missing]', 'maxInstances [fleet/missing]'],
    ],
    [
      'of a component',
      (stack) => new InferenceComponent(stack, 'Writer', without),
      ['fleet [component/missing]', 'model [component/missing]', 'resources [component/missing]'],
    ],
    [
      'of a component without any',
      (stack) => new InferenceComponent(stack, 'Writer', nothing),
      ['fleet [component/missing]', 'model [component/missing]', 'resources [component/missing]'],
    ],
    [
      'of a component that a fleet adds',
      (stack) => newFleet(stack).addComponent('Writer', nothing),
      ['model [component/missing]', 'resources [component/missing]'],
    ],
    [
      'of what a component reserves, and how it is updated',
      (stack) => newFleet(stack).addComponent('Writer', { model, resources: without, rollingUpdate: without }),
      [
        'resources.memoryMiB [component/missing]',
        'rollingUpdate.batch [component/missing]',
        'rollingUpdate.bakeTime [component/missing]',
      ],
    ],
    [
      'of a container',
      (stack) => {
        const container = InferenceModel.fromContainer({ ...without, artifact: without });
        newFleet(stack).addComponent('Writer', { model: container, resources });
      },
      [
        'model.image [component/missing]',
        'model.artifact.bucket [component/missing]',
        'model.artifact.key [component/missing]',
      ],
    ],
    [
      'of an adapter',
      (stack) => new AdapterComponent(stack, 'Legal', without),
      ['artifact [adapter/missing]', 'base [adapter/missing]', 'fleet [adapter/missing]'],
    ],
    [
      'of an adapter without any',
      (stack) => new AdapterComponent(stack, 'Legal', nothing),
      ['artifact [adapter/missing]', 'base [adapter/missing]', 'fleet [adapter/missing]'],
    ],
    [
      'of where copies are placed',
      (stack) => newFleet(stack).addComponent('Writer', { model, resources, placement: without }),
      ['placement.strategy [component/missing]'],
    ],
    [
      'of scaling',
      (stack) => newFleet(stack).addComponent('Writer', { model, resources }).autoScaleCopies(without),
      ['min [scaling/missing]', 'max [scaling/missing]', 'targetConcurrency [scaling/missing]'],
    ],
    [
      'of an imported model',
      (stack) => new ImportedModel(stack, 'Writer', without),
      ['weights [imported-model/missing]'],
    ],
    [
      'of an imported model without any',
      (stack) => new ImportedModel(stack, 'Writer', nothing),
      ['weights [imported-model/missing]'],
    ],
    [
      'of the weights and the network of an imported model',
      (stack) => new ImportedModel(stack, 'Writer', { weights: without, network: without }),
      [
        'weights.bucket [imported-model/missing]',
        'weights.prefix [imported-model/missing]',
        'network.vpc [imported-model/missing]',
      ],
    ],
    [
      'of an agent',
      (stack) => new Agent(stack, 'Echo', without),
      ['graph [agent/missing]', 'components [agent/missing]'],
    ],
    [
      'of an agent without any',
      (stack) => new Agent(stack, 'Echo', nothing),
      ['graph [agent/missing]', 'components [agent/missing]'],
    ],
    [
      'of an HTTP service, or of one without any',
      (stack) => {
        const code = Code.fromInline('exports.handler = async () => ({});');
        const components = { writer: Spillover.of([new HttpService(without), new HttpService(nothing)]) };
        new Agent(stack, 'Echo', { graph: echo, code, components });
      },
      [0, 1].map((i) => `components.writer.alternatives[${i}].url [binding/missing]`),
    ],
    [
      'of the objective of an agent',
      (stack) => {
        const component = InferenceComponent.fromInferenceComponentAttributes(stack, 'Writer', {
          inferenceComponentName: 'writer',
          endpointName: 'gpu',
        });
        const code = Code.fromInline('exports.handler = async () => ({});');
        new Agent(stack, 'Echo', { graph: echo, code, components: { writer: component }, objective: without });
      },
      ['objective.p95 [agent/missing]'],
    ],
    [
      'of a fleet that exists',
      (stack) => InferenceFleet.fromFleetAttributes(stack, 'Gpu', nothing),
      ['endpointName [fleet/missing]'],
    ],
    [
      'of a component that exists',
      (stack) => InferenceComponent.fromInferenceComponentAttributes(stack, 'Writer', nothing),
      ['inferenceComponentName [component/missing]', 'endpointName [component/missing]'],
    ],
    [
      'of pre-warming',
      (stack) => new Prewarming(stack, 'Prewarming', nothing),
      ['agents [prewarming/missing]', 'monthlyBudget [prewarming/missing]'],
    ],
    ['of a tuner', (stack) => new PolicyTuner(stack, 'Tuner', nothing), ['agents [tuner/missing]']],
    ['of an API', (stack) => new AgentApi(stack, 'Api', without), ['agents [api/missing]']],
    [
      'of the throttling of an API',
      (stack) => new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support')], throttling: without }),
      ['throttling.rateLimit [api/missing]', 'throttling.burstLimit [api/missing]'],
    ],
    ['of API keys', (stack) => api(stack, ApiAuthorization.apiKeys(without)), ['authorization.tenants [api/missing]']],
    [
      'of a tenant',
      (stack) => api(stack, ApiAuthorization.apiKeys({ tenants: [without] })),
      ['authorization.tenants[0].name [api/missing]', 'authorization.tenants[0].throttling [api/missing]'],
    ],
    [
      'of an authorization by tokens',
      (stack) => api(stack, ApiAuthorization.jwt(without)),
      ['authorization.issuer [api/missing]', 'authorization.audience [api/missing]'],
    ],
  ])('%s', (_, make, faults) => {
    expect(faultsOf(make)).toEqual(faults);
  });
});

const api = (stack: Stack, authorization: ApiAuthorization) =>
  new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'support')], authorization });

test('nothing is asked for that is given', () => {
  expect(
    faultsOf((stack) => {
      newFleet(stack).addComponent('Writer', {
        model,
        resources,
        rollingUpdate: { batch: CopyBatch.percent(25), bakeTime: Duration.minutes(1) },
      });
      new ImportedModel(stack, 'Imported', { weights: { bucket: new Bucket(stack, 'Weights'), prefix: 'writer/v1' } });
    }),
  ).toEqual([]);
});
