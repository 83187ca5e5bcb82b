import {
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  ListEndpointsCommand,
  ListInferenceComponentsCommand,
  SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { COLD_COMPONENT, rejectionOf, type Stack, startStack, until, WARM_COMPONENT } from './stack';

let stack: Stack;
let client: SageMakerClient;

const on = (endpointName: string, inferenceComponentName: string) => ({
  type: 'sagemaker' as const,
  endpointName,
  inferenceComponentName,
});

beforeEach(async () => {
  stack = await startStack([
    { kind: 'chat-model', backend: on('fleet', 'writer'), behaviour: COLD_COMPONENT, brain: () => '' },
    { kind: 'chat-model', backend: on('fleet', 'planner'), behaviour: WARM_COMPONENT, brain: () => '' },
    { kind: 'chat-model', backend: on('other', 'judge'), behaviour: WARM_COMPONENT, brain: () => '' },
  ]);
  client = new SageMakerClient(stack.clientConfig);
});

afterEach(async () => {
  client.destroy();
  await stack.close();
});

const describeWriter = () => client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: 'writer' }));
const setWriterCopies = (CopyCount: number) =>
  client.send(
    new UpdateInferenceComponentRuntimeConfigCommand({
      InferenceComponentName: 'writer',
      DesiredRuntimeConfig: { CopyCount },
    }),
  );

test('copies set by hand start, and are in service a cold start later', async () => {
  expect((await setWriterCopies(2)).InferenceComponentArn).toBe(
    'arn:aws:sagemaker:us-east-1:000000000000:inference-component/writer',
  );
  expect(await describeWriter()).toMatchObject({
    InferenceComponentStatus: 'Updating',
    RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 0 },
  });
  stack.clock.advance(260_000);
  const description = await describeWriter();
  expect(description).toMatchObject({
    InferenceComponentName: 'writer',
    EndpointName: 'fleet',
    VariantName: 'AllTraffic',
    InferenceComponentStatus: 'InService',
    RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 2 },
  });
  expect(description.CreationTime!.getFullYear()).toBeGreaterThan(2025);
});

test('copies cannot be set while they change', async () => {
  await setWriterCopies(1);
  expect(await rejectionOf(setWriterCopies(2))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('Cannot update in-progress inference component'),
  });
  stack.clock.advance(260_000);
  await setWriterCopies(2);
  expect(await describeWriter()).toMatchObject({ RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 1 } });
});

test.each([
  [{}, ['writer', 'planner', 'judge']],
  [{ EndpointNameEquals: 'fleet' }, ['writer', 'planner']],
  [{ NameContains: 'e' }, ['writer', 'planner', 'judge']],
  [{ NameContains: 'wr' }, ['writer']],
  [{ StatusEquals: 'Failed' as const }, []],
])('components are listed by %j', async (filter, names) => {
  const { InferenceComponents } = await client.send(new ListInferenceComponentsCommand(filter));
  expect(InferenceComponents!.map((component) => component.InferenceComponentName)).toEqual(names);
});

test('an endpoint of components is in service', async () => {
  expect(await client.send(new DescribeEndpointCommand({ EndpointName: 'fleet' }))).toMatchObject({
    EndpointName: 'fleet',
    EndpointStatus: 'InService',
    ProductionVariants: [{ VariantName: 'AllTraffic' }],
  });
});

test('an endpoint tells the instances behind it: those that are up, and those under way', async () => {
  const countsOf = async () => {
    const { ProductionVariants } = await client.send(new DescribeEndpointCommand({ EndpointName: 'fleet' }));
    const { CurrentInstanceCount, DesiredInstanceCount } = ProductionVariants![0]!;
    return [CurrentInstanceCount, DesiredInstanceCount];
  };
  expect(await countsOf()).toEqual([2, 2]);
  await setWriterCopies(1);
  expect(await countsOf()).toEqual([2, 3]);
  stack.clock.advance(105_000);
  expect(await countsOf()).toEqual([3, 3]);
});

test.each([
  ['a component', () => client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: 'nobody' }))],
  ['an endpoint', () => client.send(new DescribeEndpointCommand({ EndpointName: 'nobody' }))],
  ['more copies than there may be', () => setWriterCopies(5)],
])('%s that cannot be is a ValidationException', async (_, call) => {
  expect(await rejectionOf(call())).toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
});

test.each([[null], [''], [[]], ['2'], [true], [0.5], [undefined]])('%j is no number of copies', async (CopyCount) => {
  await setWriterCopies(1);
  const response = await fetch(stack.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'SageMaker.UpdateInferenceComponentRuntimeConfig' },
    body: JSON.stringify({ InferenceComponentName: 'writer', DesiredRuntimeConfig: { CopyCount } }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'ValidationException' });
  expect(await describeWriter()).toMatchObject({ RuntimeConfig: { DesiredCopyCount: 1 } });
});

test('a busy copy that is taken counts until it is empty', async () => {
  const model = stack.world.model('sagemaker/planner');
  if (model?.kind !== 'chat-model') throw new Error('no planner');
  const hangUp = new AbortController();
  const call = model.answer({ messages: [{ role: 'user', content: 'x' }] }, hangUp.signal).catch(() => {});
  await until(() => stack.concurrencyOf('sagemaker/planner') === 1);
  model.setDesiredCopies(0);

  const describePlanner = () =>
    client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: 'planner' }));
  expect(await describePlanner()).toMatchObject({
    InferenceComponentStatus: 'Updating',
    RuntimeConfig: { DesiredCopyCount: 0, CurrentCopyCount: 1 },
  });
  hangUp.abort();
  await call;
  expect(await describePlanner()).toMatchObject({
    InferenceComponentStatus: 'InService',
    RuntimeConfig: { DesiredCopyCount: 0, CurrentCopyCount: 0 },
  });
});

test('an operation that the local stack lacks is unknown, by name', async () => {
  expect(await rejectionOf(client.send(new ListEndpointsCommand({})))).toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('SageMaker.ListEndpoints'),
    $metadata: { httpStatusCode: 404 },
  });
});
