import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeInferenceComponentCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Fault } from '../../../local/aws';
import { rejectionOf, type Stack, settled, startStack, until } from './stack';

let stack: Stack;
let dynamodb: DynamoDBClient;

beforeEach(async () => {
  stack = await startStack([], { tables: [{ name: 'board', partitionKey: { name: 'id', type: 'S' } }] });
  dynamodb = new DynamoDBClient(stack.clientConfig);
});
afterEach(async () => {
  dynamodb.destroy();
  await stack.close();
});

const Key = { id: { S: 'a' } };
const put = () => dynamodb.send(new PutItemCommand({ TableName: 'board', Item: Key }));
const read = async () => (await dynamodb.send(new GetItemCommand({ TableName: 'board', Key }))).Item;

test('a table is unavailable for as long as it is said to be', async () => {
  const remove = stack.aws.faults.add({ calls: 'DynamoDB', outcome: 'unavailable' });
  expect(await rejectionOf(put())).toMatchObject({ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
  expect(await rejectionOf(read())).toMatchObject({ name: 'InternalServerError' });
  remove();
  expect(await read()).toBeUndefined();
});

test('one operation is throttled so many times', async () => {
  stack.aws.faults.add({ calls: 'DynamoDB.PutItem', outcome: 'throttled', times: 2 });
  const throttled = { name: 'ThrottlingException', message: expect.stringContaining('Throughput exceeds') };
  expect(await rejectionOf(put())).toMatchObject(throttled);
  expect(await read()).toBeUndefined();
  expect(await rejectionOf(put())).toMatchObject(throttled);
  await put();
  expect(await read()).toEqual(Key);
});

test('a slow table answers in its own time, by the clock of the world', async () => {
  stack.aws.faults.add({ calls: 'DynamoDB.PutItem', delayMs: 500 });
  let isDone = false;
  const call = put().finally(() => {
    isDone = true;
  });
  expect(await read()).toBeUndefined();
  stack.clock.advance(499);
  await settled();
  expect([isDone, await read()]).toEqual([false, undefined]);
  await until(() => {
    stack.clock.advance(1);
    return isDone;
  });
  await call;
  expect(await read()).toEqual(Key);
});

test('whoever hangs up on a slow table has written nothing', async () => {
  stack.aws.faults.add({ calls: 'DynamoDB.PutItem', delayMs: 500 });
  const hangUp = new AbortController();
  const call = dynamodb.send(new PutItemCommand({ TableName: 'board', Item: Key }), { abortSignal: hangUp.signal });
  await read();
  hangUp.abort();
  expect((await rejectionOf(call)).name).toBe('AbortError');
  await read();
  stack.clock.advance(1000);
  expect(await read()).toBeUndefined();
});

test('an answer that is lost leaves what was written', async () => {
  stack.aws.faults.add({ calls: 'DynamoDB.PutItem', outcome: 'lost', times: 1 });
  expect((await rejectionOf(put())).message).toMatch(/hang up|ECONNRESET/);
  expect(await read()).toEqual(Key);
});

const throttledCalls: readonly (readonly [Fault['calls'], string, () => Promise<unknown>])[] = [
  [
    'SageMaker',
    'ThrottlingException',
    () => {
      const client = new SageMakerClient(stack.clientConfig);
      return client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: 'x' }));
    },
  ],
  [
    'ApplicationAutoScaling',
    'ThrottlingException',
    () => {
      const client = new ApplicationAutoScalingClient(stack.clientConfig);
      return client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker' }));
    },
  ],
  [
    'SageMakerRuntime',
    'ThrottlingException',
    () => {
      const client = new SageMakerRuntimeClient(stack.clientConfig);
      return client.send(new InvokeEndpointCommand({ EndpointName: 'x', Body: '{}' }));
    },
  ],
  [
    'BedrockRuntime.InvokeModel',
    'ThrottlingException',
    () => new BedrockRuntimeClient(stack.clientConfig).send(new InvokeModelCommand({ modelId: 'x', body: '{}' })),
  ],
  [
    'Lambda.Invoke',
    'TooManyRequestsException',
    () => new LambdaClient(stack.clientConfig).send(new InvokeCommand({ FunctionName: 'x' })),
  ],
];

test.each(throttledCalls)('%s may be throttled', async (calls, name, call) => {
  stack.aws.faults.add({ calls, outcome: 'throttled', times: 1 });
  expect((await rejectionOf(call())).name).toBe(name);
  const next = await call().catch((error: Error) => error.name);
  expect(next).not.toBe(name);
});
