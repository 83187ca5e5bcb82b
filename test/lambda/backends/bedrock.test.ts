import { model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf, printed } from './call';
import { answer, awsError, breakOff, closed, Service, together, useAws } from './service';

const IMPORTED = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl';

const writer = model('writer', { format: 'converse' });
const planner = model('planner');
const call = callerFor({
  writer: { type: 'bedrock', modelId: 'amazon.nova-lite-v1:0', price: { perMillionOutputTokensUsd: 1_000_000 } },
  planner: { type: 'bedrock', modelId: IMPORTED },
});

const message = (text: string) => ({ message: { role: 'assistant', content: [{ text }] } });
const turn = {
  output: message('Hello.'),
  stopReason: 'end_turn',
  usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
  metrics: { latencyMs: 5 },
};

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME');
});

afterAll(() => service.stop());

test('a chat model is asked and answers by Converse', async () => {
  service.replies(answer(200, turn));
  const usage = { inputTokens: 12, outputTokens: 3 };

  const result = await call(
    callOf(writer, {
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
      maxTokens: 50,
      temperature: 0,
      stop: ['\n'],
    }),
  );

  expect(result).toEqual({ output: { text: 'Hello.', finishReason: 'stop', usage }, usage, costUsd: 3 });
  expect(service.received[0]!.path).toBe('/model/amazon.nova-lite-v1%3A0/converse');
  expect(JSON.parse(service.received[0]!.body)).toEqual({
    system: [{ text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    inferenceConfig: { maxTokens: 50, temperature: 0, stopSequences: ['\n'] },
  });
});

test('a text alone is what the user says, and nothing else is set', async () => {
  service.replies(answer(200, turn));
  await call(callOf(writer, 'Hi'));
  expect(JSON.parse(service.received[0]!.body)).toEqual({
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    inferenceConfig: {},
  });
});

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['guardrail_intervened', 'guardrail_intervened'],
  ['constructor', 'constructor'],
])('a turn that ends with %s has the finish reason %s', async (stopReason, finishReason) => {
  service.replies(answer(200, { ...turn, stopReason }));
  await expect(call(callOf(writer, 'Hi'))).resolves.toMatchObject({ output: { finishReason } });
});

test('the text of a turn is that of its text blocks', async () => {
  const content = [{ reasoningContent: { reasoningText: { text: 'hm' } } }, { text: 'Hel' }, { text: 'lo.' }];
  service.replies(answer(200, { ...turn, output: { message: { role: 'assistant', content } } }));
  await expect(call(callOf(writer, 'Hi'))).resolves.toMatchObject({ output: { text: 'Hello.' } });
});

test('an imported model is asked in the OpenAI format', async () => {
  service.replies(answer(200, { choices: [{ message: { content: 'A plan.' }, finish_reason: 'length' }] }));
  const result = await call(callOf(planner, 'Plan'));
  expect(result).toEqual({ output: { text: 'A plan.', finishReason: 'length' } });
  expect(service.received[0]).toMatchObject({
    path: `/model/${encodeURIComponent(IMPORTED)}/invoke`,
    body: '{"messages":[{"role":"user","content":"Plan"}]}',
  });
});

describe.each([writer, planner])('in the format $format', (component) => {
  test.each([
    ['ModelNotReadyException', 429, {}, 'not-ready'],
    ['ThrottlingException', 429, {}, 'throttled'],
    ['ServiceQuotaExceededException', 400, {}, 'throttled'],
    ['ModelTimeoutException', 408, {}, 'timed-out'],
    ['ModelErrorException', 424, { originalStatusCode: 429 }, 'throttled'],
    ['ModelErrorException', 424, { originalStatusCode: 500 }, 'retryable'],
    ['ModelErrorException', 424, { originalStatusCode: 400 }, 'invalid'],
    ['InternalServerException', 500, {}, 'retryable'],
    ['ServiceUnavailableException', 503, {}, 'retryable'],
    ['AccessDeniedException', 403, {}, 'failed'],
    ['ResourceNotFoundException', 404, {}, 'invalid'],
    ['ValidationException', 400, {}, 'invalid'],
  ])('%s (HTTP %d, %j) is %s after one request', async (code, status, fields, kind) => {
    service.replies(awsError(status, code, 'said the service', fields));
    await expect(errorOf(call(callOf(component, 'Hi')))).resolves.toMatchObject({
      kind,
      cause: { code, message: 'said the service', httpStatus: status, requestId: 'request-1' },
    });
    expect(service.received).toHaveLength(1);
  });

  test('a connection that breaks in the middle of the answer may be tried again', async () => {
    service.replies(breakOff);
    await expect(errorOf(call(callOf(component, 'Hi')))).resolves.toMatchObject({ kind: 'retryable' });
    expect(service.received).toHaveLength(1);
  });
});

test.each([
  ['no JSON', 'secret words', 'cannot decode its answer: expected a JSON document'],
  [
    'no turn',
    { secret: 'words' },
    'cannot decode its answer as converse: expected content blocks at output.message.content',
  ],
])('an answer that is %s fails without a word of it', async (_, body, what) => {
  service.replies(answer(200, body));
  const error = await errorOf(call(callOf(writer, 'Hi')));
  expect(error).toMatchObject({ kind: 'failed', message: `component "writer" ${what}` });
  expect(printed(error)).not.toContain('secret');
});

test('an abort closes the connection to the service', async () => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      controller.abort();
    });
  });
  await errorOf(call(callOf(writer, 'Hi', { signal: controller.signal })));
  await upstream;
});

test('sixty calls run at once, and the next sixty use their connections', async () => {
  const sixty = () => Promise.all(Array.from({ length: 60 }, () => call(callOf(writer, 'Hi'))));
  service.replies(together(60, answer(200, turn)));
  await sixty();
  const connections = service.sockets.length;
  await sixty();
  expect(service.received).toHaveLength(120);
  expect(service.sockets).toHaveLength(connections);
});
