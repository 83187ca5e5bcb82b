import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
  ModelErrorException,
  ModelNotReadyException,
  ResourceNotFoundException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import type { ChatRequest } from '../../../core/graph/chat';
import { COLD_IMPORTED_MODEL, rejectionOf, type Stack, startStack, until, WARM_IMPORTED_MODEL } from './stack';

const WRITER = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc123def456';

let stack: Stack;
let client: BedrockRuntimeClient;
let asked: ChatRequest[];

const on = (modelId: string) => ({ type: 'bedrock' as const, modelId });

beforeEach(async () => {
  asked = [];
  stack = await startStack([
    {
      kind: 'chat-model',
      backend: on(WRITER),
      behaviour: WARM_IMPORTED_MODEL,
      brain: (request) => {
        asked.push(request);
        return 'It is 42.';
      },
    },
    { kind: 'chat-model', backend: on('sleeper'), behaviour: COLD_IMPORTED_MODEL, brain: () => 'awake' },
    {
      kind: 'chat-model',
      backend: on('broken'),
      behaviour: WARM_IMPORTED_MODEL,
      brain: () => Promise.reject(new Error('no such tokenizer')),
    },
    { kind: 'json-model', backend: on('embedder'), behaviour: WARM_IMPORTED_MODEL, brain: () => ({ vector: [1, 2] }) },
    {
      kind: 'chat-model',
      backend: on('busy'),
      behaviour: { ...WARM_IMPORTED_MODEL, maxConcurrencyPerCopy: 1 },
      brain: () => 'busy',
    },
  ]);
  client = new BedrockRuntimeClient(stack.clientConfig);
});

afterEach(async () => {
  client.destroy();
  await stack.close();
});

const CHAT = JSON.stringify({ messages: [{ role: 'user', content: 'What is it?' }] });

const ONE_TOKEN = JSON.stringify({ messages: [{ role: 'user', content: 'x' }], max_tokens: 1 });

const invoke = (modelId: string, body = CHAT) => client.send(new InvokeModelCommand({ modelId, body }));
const converse = (modelId: string, input: Partial<ConverseCommandInput> = {}) =>
  client.send(
    new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'What is it?' }] }], ...input }),
  );

test('InvokeModel answers an OpenAI chat completion', async () => {
  const { body, contentType } = await stack.inTime(invoke(WRITER));
  expect(contentType).toBe('application/json');
  expect(JSON.parse(body.transformToString())).toMatchObject({
    choices: [{ message: { content: 'It is 42.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 3 },
  });
});

test('Converse passes the whole request and answers with usage and latency', async () => {
  const answer = await stack.inTime(
    converse(WRITER, {
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 2, temperature: 0.5, stopSequences: ['END'] },
    }),
  );
  expect(asked).toEqual([
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is it?' },
      ],
      maxTokens: 2,
      temperature: 0.5,
      stop: ['END'],
    },
  ]);
  expect(answer).toMatchObject({
    output: { message: { role: 'assistant', content: [{ text: 'It is 42' }] } },
    stopReason: 'max_tokens',
    usage: { inputTokens: 6, outputTokens: 2, totalTokens: 8 },
  });
  expect(answer.metrics!.latencyMs).toBeGreaterThan(0);
});

test.each([
  ['InvokeModel', (): Promise<unknown> => invoke('sleeper')],
  ['InvokeModel for one token', (): Promise<unknown> => invoke('sleeper', ONE_TOKEN)],
  ['Converse', (): Promise<unknown> => converse('sleeper')],
])('%s of a cold model is refused as not ready, and itself starts the load', async (_, call) => {
  const error = await rejectionOf(call());
  expect(error).toBeInstanceOf(ModelNotReadyException);
  expect(error.$metadata.httpStatusCode).toBe(429);
  stack.clock.advance(70_000);
  await stack.inTime(call());
});

test('a model whose copies are full throttles', async () => {
  const first = invoke('busy');
  await until(() => stack.concurrencyOf('bedrock/busy') === 1);
  expect(await rejectionOf(invoke('busy'))).toBeInstanceOf(ThrottlingException);
  await stack.inTime(first);
});

test('a client that hangs up frees its place in the copy', async () => {
  const hangUp = new AbortController();
  const call = rejectionOf(
    client.send(new InvokeModelCommand({ modelId: 'busy', body: CHAT }), { abortSignal: hangUp.signal }),
  );
  await until(() => stack.concurrencyOf('bedrock/busy') === 1);
  hangUp.abort();
  await until(() => stack.concurrencyOf('bedrock/busy') === 0);
  expect((await call).name).toBe('AbortError');
});

test('an exception in the brain is a ModelErrorException', async () => {
  const errors = await Promise.all([invoke('broken'), converse('broken')].map(rejectionOf));
  for (const error of errors) {
    expect(error).toBeInstanceOf(ModelErrorException);
    expect(error).toMatchObject({ message: 'no such tokenizer', originalStatusCode: 500, resourceName: 'broken' });
  }
});

test('a model that is not there is not found', async () => {
  expect(await rejectionOf(invoke('nobody'))).toBeInstanceOf(ResourceNotFoundException);
  expect(await rejectionOf(converse('nobody'))).toBeInstanceOf(ResourceNotFoundException);
});

test('a malformed request is a ValidationException', async () => {
  const image = { image: { format: 'png' as const, source: { bytes: new Uint8Array(1) } } };
  const errors = await Promise.all(
    [
      invoke(WRITER, 'not JSON'),
      invoke(WRITER, '{}'),
      converse(WRITER, { messages: [] }),
      converse(WRITER, { messages: [{ role: 'user', content: [image] }] }),
      converse('embedder'),
    ].map(rejectionOf),
  );
  for (const error of errors) expect(error).toBeInstanceOf(ValidationException);
});
