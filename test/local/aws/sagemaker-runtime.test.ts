import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  ValidationError,
} from '@aws-sdk/client-sagemaker-runtime';
import type { ChatRequest } from '../../../core/graph/chat';
import { COLD_COMPONENT, rejectionOf, type Stack, startStack, until, WARM_COMPONENT } from './stack';

let stack: Stack;
let client: SageMakerRuntimeClient;
let asked: ChatRequest[];
let isThinking: boolean;

const on = (inferenceComponentName: string) => ({
  type: 'sagemaker' as const,
  endpointName: 'fleet',
  inferenceComponentName,
});

beforeEach(async () => {
  asked = [];
  isThinking = false;
  stack = await startStack([
    {
      kind: 'chat-model',
      backend: on('writer'),
      behaviour: WARM_COMPONENT,
      brain: (request) => {
        asked.push(request);
        return 'The answer to everything. It is 42.';
      },
    },
    { kind: 'chat-model', backend: on('sleeper'), behaviour: COLD_COMPONENT, brain: () => 'awake' },
    {
      kind: 'chat-model',
      backend: on('broken'),
      behaviour: WARM_COMPONENT,
      brain: () => {
        throw new TypeError('CUDA out of memory');
      },
    },
    {
      kind: 'chat-model',
      backend: on('hung'),
      behaviour: WARM_COMPONENT,
      brain: () => {
        isThinking = true;
        return new Promise<string>(() => {});
      },
    },
    {
      kind: 'chat-model',
      backend: on('full'),
      behaviour: { ...WARM_COMPONENT, maxConcurrencyPerCopy: 0 },
      brain: () => '',
    },
    { kind: 'chat-model', backend: on('mute'), behaviour: WARM_COMPONENT, brain: () => undefined as unknown as string },
    {
      kind: 'json-model',
      backend: { type: 'sagemaker', endpointName: 'classifier' },
      behaviour: WARM_COMPONENT,
      brain: (input) => ({ label: 'spam', input }),
    },
  ]);
  client = new SageMakerRuntimeClient(stack.clientConfig);
});

afterEach(async () => {
  client.destroy();
  await stack.close();
});

const CHAT = { messages: [{ role: 'user', content: 'What is the answer to everything?' }] };

function invoke(componentName: string | undefined, body: unknown = CHAT, endpointName = 'fleet', signal?: AbortSignal) {
  const command = new InvokeEndpointCommand({
    EndpointName: endpointName,
    InferenceComponentName: componentName,
    ContentType: 'application/json',
    Body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return client.send(command, signal ? { abortSignal: signal } : {});
}

async function answerOf(call: ReturnType<typeof invoke>): Promise<any> {
  const { Body, ContentType, InvokedProductionVariant } = await stack.inTime(call);
  expect({ ContentType, InvokedProductionVariant }).toEqual({
    ContentType: 'application/json',
    InvokedProductionVariant: 'AllTraffic',
  });
  return JSON.parse(Body.transformToString());
}

test('a chat model answers an OpenAI chat completion, in the time its copy takes', async () => {
  const call = invoke('writer');
  await until(() => stack.concurrencyOf('sagemaker/writer') === 1);
  stack.clock.advance(50);
  expect(stack.concurrencyOf('sagemaker/writer')).toBe(1);

  expect(await answerOf(call)).toMatchObject({
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'The answer to everything. It is 42.' },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
  });
});

test('the brain gets the whole request, whatever the shape of its content', async () => {
  await answerOf(
    invoke('writer', {
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hello, ' },
            { type: 'text', text: 'world' },
          ],
        },
      ],
      max_tokens: 10,
      temperature: 0,
      stop: 'END',
    }),
  );
  expect(asked).toEqual([
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello, world' },
      ],
      maxTokens: 10,
      temperature: 0,
      stop: ['END'],
    },
  ]);
});

test.each([
  [{ max_tokens: 3 }, 'The answer t', 'length'],
  [{ stop: [' It', 'nowhere'] }, 'The answer to everything.', 'stop'],
])('with %j the answer ends early', async (limits, content, finish_reason) => {
  const answer = await answerOf(invoke('writer', { ...CHAT, ...limits }));
  expect(answer.choices).toMatchObject([{ message: { content }, finish_reason }]);
});

test('a model that is no chat answers JSON with JSON, on an endpoint without components', async () => {
  expect(await answerOf(invoke(undefined, ['a', 1], 'classifier'))).toEqual({ label: 'spam', input: ['a', 1] });
});

test('at zero copies a call is refused at once; the refusal starts a copy, which then answers', async () => {
  const refused = await rejectionOf(invoke('sleeper'));
  expect(refused).toBeInstanceOf(ValidationError);
  expect(refused.$metadata.httpStatusCode).toBe(400);
  expect(refused.message).toBe(
    'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.',
  );

  stack.clock.advance(319_000);
  expect(await rejectionOf(invoke('sleeper'))).toBeInstanceOf(ValidationError);
  stack.clock.advance(1_000);
  expect((await answerOf(invoke('sleeper'))).choices[0].message.content).toBe('awake');
});

test('an exception in the brain is an HTTP 500 of the container', async () => {
  const error = await rejectionOf(invoke('broken'));
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({
    message: 'Received server error (500) from primary with message "CUDA out of memory".',
    OriginalStatusCode: 500,
    OriginalMessage: 'CUDA out of memory',
    $metadata: { httpStatusCode: 424, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('a copy that takes no more calls is a container that is overloaded, and not a lack of capacity', async () => {
  expect(await rejectionOf(invoke('full'))).toMatchObject({
    name: 'ModelError',
    OriginalStatusCode: 429,
    $metadata: { httpStatusCode: 424 },
  });
});

test('a chat model whose brain returns no text is an HTTP 500 of the container', async () => {
  expect(await rejectionOf(invoke('mute'))).toMatchObject({
    name: 'ModelError',
    message: expect.stringContaining('the brain must return a text, got: undefined'),
    OriginalStatusCode: 500,
  });
});

test('a container that does not answer within a minute is given up', async () => {
  const call = rejectionOf(invoke('hung'));
  await until(() => isThinking);
  stack.clock.advance(60_000);
  expect(await call).toMatchObject({
    name: 'ModelError',
    message: expect.stringContaining('Your invocation timed out while waiting for a response from container'),
    OriginalStatusCode: 0,
    $metadata: { httpStatusCode: 424 },
  });
});

test.each([
  ['not JSON', '{"messages": ['],
  ['no object', '[]'],
  ['no messages', '{}'],
  ['empty messages', '{"messages": []}'],
  ['a message that is none', '{"messages": [null]}'],
  ['an unknown role', '{"messages": [{"role": "wizard", "content": "x"}]}'],
  ['an image', '{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}'],
  ['no tokens', '{"messages": [{"role": "user", "content": "x"}], "max_tokens": 0}'],
  ['a stream', '{"messages": [{"role": "user", "content": "x"}], "stream": true}'],
])('a container refuses a body with %s', async (_, body) => {
  expect(await rejectionOf(invoke('writer', body))).toMatchObject({
    name: 'ModelError',
    OriginalStatusCode: 400,
    message: expect.stringContaining('Received client error (400) from primary'),
  });
  expect((await answerOf(invoke('writer'))).object).toBe('chat.completion');
});

test.each([
  ['fleet', undefined, /^Inference Component Name header is required/],
  ['fleet', 'nobody', /^Inference Component nobody of account 000000000000 not found\.$/],
  ['nowhere', 'writer', /^Endpoint nowhere of account 000000000000 not found\.$/],
  ['classifier', 'writer', /^Inference Component writer of account 000000000000 not found\.$/],
])('endpoint %p, component %p: a ValidationError says what is missing', async (endpoint, component, message) => {
  const error = await rejectionOf(invoke(component, CHAT, endpoint));
  expect(error).toBeInstanceOf(ValidationError);
  expect(error.message).toMatch(message);
});

test('a client that hangs up frees its place in the copy', async () => {
  const hangUp = new AbortController();
  const call = rejectionOf(invoke('writer', CHAT, 'fleet', hangUp.signal));
  await until(() => stack.concurrencyOf('sagemaker/writer') === 1);
  hangUp.abort();
  await until(() => stack.concurrencyOf('sagemaker/writer') === 0);
  expect((await call).name).toBe('AbortError');
});
