import {
  InvalidRequestContentException,
  type InvocationType,
  InvokeCommand,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { rejectionOf, type Stack, startStack, until } from './stack';

let stack: Stack;
let client: LambdaClient;
let events: unknown[];

const named = (functionName: string) => ({ type: 'lambda' as const, functionName });

beforeEach(async () => {
  events = [];
  stack = await startStack([
    {
      kind: 'function',
      backend: named('search'),
      handler: async (event) => {
        events.push(event);
        return { found: event };
      },
    },
    { kind: 'function', backend: named('silent'), handler: () => undefined },
    { kind: 'function', backend: named('chatty'), handler: () => 'x'.repeat(6 * 1024 * 1024) },
    {
      kind: 'function',
      backend: named('broken'),
      handler: () => {
        throw new RangeError('index 7');
      },
    },
  ]);
  client = new LambdaClient(stack.clientConfig);
});

afterEach(async () => {
  client.destroy();
  await stack.close();
});

const invoke = (functionName: string, payload = '', invocationType: InvocationType = 'RequestResponse') =>
  client.send(new InvokeCommand({ FunctionName: functionName, Payload: payload, InvocationType: invocationType }));

test.each([
  'search',
  'search:live',
  '123456789012:function:search',
  'arn:aws:lambda:eu-central-1:123456789012:function:search',
  'arn:aws:lambda:eu-central-1:123456789012:function:search:7',
])('a function is invoked as %s', async (name) => {
  const { StatusCode, ExecutedVersion, FunctionError, Payload } = await invoke(name, '{"query":"cats"}');
  expect({ StatusCode, ExecutedVersion, FunctionError }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(JSON.parse(Payload!.transformToString())).toEqual({ found: { query: 'cats' } });
});

test('no payload is an empty event, and no result is null', async () => {
  await invoke('search');
  expect(events).toEqual([{}]);
  expect((await invoke('silent')).Payload!.transformToString()).toBe('null');
});

test.each([
  ['broken', { errorType: 'RangeError', errorMessage: 'index 7', trace: [] }],
  ['chatty', { errorType: 'Function.ResponseSizeTooLarge' }],
])('an error of the function %s is told in its payload, with status 200', async (name, payload) => {
  const response = await invoke(name, '{}');
  expect(response).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(response.Payload!.transformToString())).toMatchObject(payload);
});

test('an event is accepted before it is handled, even if the handling fails', async () => {
  expect((await invoke('search', '{"a":1}', 'Event')).StatusCode).toBe(202);
  await until(() => events.length === 1);
  expect((await invoke('broken', '{}', 'Event')).StatusCode).toBe(202);
});

test('a dry run runs nothing', async () => {
  expect((await invoke('search', '{}', 'DryRun')).StatusCode).toBe(204);
  expect(events).toEqual([]);
});

test('requests that Lambda refuses', async () => {
  expect(await rejectionOf(invoke('nobody'))).toBeInstanceOf(ResourceNotFoundException);
  expect(await rejectionOf(invoke('search', '{"a":'))).toBeInstanceOf(InvalidRequestContentException);
  const tooLarge = JSON.stringify('x'.repeat(6 * 1024 * 1024));
  expect(await rejectionOf(invoke('search', tooLarge))).toBeInstanceOf(RequestTooLargeException);
});
