import {
  InvalidRequestContentException,
  type InvocationType,
  InvokeCommand,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import type { EventFailure } from '../../../local/aws';
import type { LocalComponent } from '../../../local/world';
import { rejectionOf, type Stack, settled, startStack, until } from './stack';

let stack: Stack;
let client: LambdaClient;
let events: unknown[];
let failures: EventFailure[];
/** How many more times `flaky` fails. */
let failuresLeft: number;
/** Lets `single` come to its end. */
let release: () => void;
let leftMs: () => number;

const named = (functionName: string) => ({ type: 'lambda' as const, functionName });

beforeEach(async () => {
  events = [];
  failures = [];
  failuresLeft = Infinity;
  const components: LocalComponent[] = [
    {
      kind: 'function',
      backend: named('search'),
      handler: async (event) => {
        events.push(event);
        return { found: event };
      },
    },
    {
      kind: 'function',
      backend: named('flaky'),
      handler: (event) => {
        events.push(event);
        if (failuresLeft-- > 0) throw new Error('not yet');
      },
    },
    {
      kind: 'function',
      backend: named('single'),
      reservedConcurrency: 1,
      handler: async (event) => {
        events.push(event);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    },
    {
      kind: 'function',
      backend: named('timed'),
      timeoutMs: 60_000,
      handler: (_, context) => {
        leftMs = () => context.getRemainingTimeInMillis();
        events.push({ name: context.functionName, leftMs: leftMs() });
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
  ];
  const onEventFailure = (failure: EventFailure) => failures.push(failure);
  stack = await startStack(components, { onEventFailure });
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

test('an event that fails is tried again after one minute and after two more, and no more', async () => {
  await invoke('flaky', '{"a":1}', 'Event');
  const triesAfter = async (advanceMs: number) => {
    stack.clock.advance(advanceMs);
    await settled();
    return events.length;
  };
  expect(await triesAfter(59_999)).toBe(1);
  expect(await triesAfter(1)).toBe(2);
  expect(await triesAfter(119_999)).toBe(2);
  expect(await triesAfter(1)).toBe(3);
  expect(await triesAfter(24 * 3600e3)).toBe(3);
  expect(events).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }]);
  const failure = { functionName: 'flaky', event: { a: 1 }, error: 'Error: not yet' };
  expect(failures).toEqual([
    { ...failure, attempt: 1, isRetried: true },
    { ...failure, attempt: 2, isRetried: true },
    { ...failure, attempt: 3, isRetried: false },
  ]);
});

test('an event that a later try handles is not tried again', async () => {
  failuresLeft = 1;
  await invoke('flaky', '{}', 'Event');
  await settled();
  stack.clock.advance(60_000);
  await settled();
  stack.clock.advance(3600e3);
  await settled();
  expect(events).toHaveLength(2);
});

test('a function with no room left is throttled, and events wait for it', async () => {
  const first = invoke('single', '1');
  await until(() => events.length === 1);
  const error = await rejectionOf(invoke('single', '2'));
  expect(error).toBeInstanceOf(TooManyRequestsException);
  expect(error).toMatchObject({ Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
  await invoke('single', '3', 'Event');
  await invoke('single', '4', 'Event');
  expect(events).toEqual([1]);
  for (const count of [2, 3]) {
    release();
    await until(() => events.length === count);
  }
  release();
  await first;
  expect(events).toEqual([1, 3, 4]);
});

test('a closing stack waits for the function that handles an event, and starts no other', async () => {
  let isHandled = false;
  await invoke('single', '1', 'Event');
  await invoke('single', '2', 'Event');
  await until(() => events.length === 1);
  let isHandledAtClose: boolean | undefined;
  const closed = stack.aws.close().finally(() => {
    isHandledAtClose = isHandled;
  });
  await settled();
  isHandled = true;
  release();
  await closed;
  expect(isHandledAtClose).toBe(true);
  await settled();
  expect(events).toEqual([1]);
});

test('a function is told how much time it has left, by the world', async () => {
  await invoke('timed');
  expect(events).toEqual([{ name: 'timed', leftMs: 60_000 }]);
  stack.clock.advance(10_000);
  expect(leftMs()).toBe(50_000);
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
  const tooLargeEvent = JSON.stringify('x'.repeat(1024 * 1024));
  expect(await rejectionOf(invoke('search', tooLargeEvent, 'Event'))).toBeInstanceOf(RequestTooLargeException);
});
