import { z } from 'zod';
import { model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf, printed } from './call';
import { answer, awsError, breakOff, closed, Service, together, useAws } from './service';

const ZERO_COPIES =
  'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';

const writer = model('writer');
const call = callerFor({
  writer: {
    type: 'sagemaker',
    endpointName: 'fleet',
    inferenceComponentName: 'writer-8b',
    price: { perMillionInputTokensUsd: 1, perMillionOutputTokensUsd: 3 },
  },
  ranker: { type: 'sagemaker', endpointName: 'ranker' },
});

const completion = {
  choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
};

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME');
});

afterAll(() => service.stop());

test('a chat model on an inference component is asked and answers in the OpenAI format', async () => {
  service.replies(answer(200, completion));
  const usage = { inputTokens: 1000, outputTokens: 100 };

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

  expect(result).toEqual({ output: { text: 'Hello.', finishReason: 'stop', usage }, usage, costUsd: 0.0013 });
  const [request] = service.received;
  expect(request).toMatchObject({
    path: '/endpoints/fleet/invocations',
    headers: { 'content-type': 'application/json', 'x-amzn-sagemaker-inference-component': 'writer-8b' },
  });
  expect(JSON.parse(request!.body)).toEqual({
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ],
    max_tokens: 50,
    temperature: 0,
    stop: ['\n'],
  });
});

test('a text alone is what the user says', async () => {
  service.replies(answer(200, completion));
  await call(callOf(writer, 'Hi'));
  expect(JSON.parse(service.received[0]!.body)).toEqual({ messages: [{ role: 'user', content: 'Hi' }] });
});

test('a component in JSON sends its input and gets back a document', async () => {
  const ranker = model('ranker', { format: 'json', input: z.object({ texts: z.array(z.string()) }), output: z.any() });
  service.replies(answer(200, [0.5, 0.25]));
  await expect(call(callOf(ranker, { texts: ['a', 'b'] }))).resolves.toEqual({ output: [0.5, 0.25] });
  expect(service.received[0]!.body).toBe('{"texts":["a","b"]}');
  expect(service.received[0]!.headers).not.toHaveProperty('x-amzn-sagemaker-inference-component');
});

test('a component with functions of its own sends and reads its own bytes', async () => {
  const ranker = model('ranker', {
    format: {
      contentType: 'text/csv',
      encode: (row: number[]) => row.join(','),
      decode: (body) => Number(Buffer.from(body).toString()),
    },
  });
  service.replies(answer(200, '7'));
  await expect(call(callOf(ranker, [1, 2]))).resolves.toEqual({ output: 7 });
  expect(service.received[0]).toMatchObject({ body: '1,2', headers: { 'content-type': 'text/csv' } });
});

test.each([
  ['zero copies', awsError(400, 'ValidationError', ZERO_COPIES), 'not-ready'],
  ['an endpoint in creation', awsError(400, 'ValidationError', 'Endpoint fleet is not in service'), 'not-ready'],
  ['no such endpoint', awsError(400, 'ValidationError', 'Endpoint fleet of account 1 not found.'), 'invalid'],
  ['a model that loads', awsError(429, 'ModelNotReadyException', 'wait'), 'not-ready'],
  ['too many calls', awsError(400, 'ThrottlingException', 'Rate exceeded'), 'throttled'],
  ['a busy container', awsError(424, 'ModelError', 'busy', { OriginalStatusCode: 429 }), 'throttled'],
  ['a container out of service', awsError(424, 'ModelError', 'gone', { OriginalStatusCode: 503 }), 'retryable'],
  ['a container that crashed', awsError(424, 'ModelError', 'could not get a response'), 'retryable'],
  [
    'a slow container',
    awsError(424, 'ModelError', 'Received server error (0) from primary with message "Your invocation timed out"', {
      OriginalStatusCode: 0,
    }),
    'timed-out',
  ],
  ['a container that refuses', awsError(424, 'ModelError', 'bad', { OriginalStatusCode: 400 }), 'invalid'],
  ['a fault inside', awsError(500, 'InternalFailure', 'oops'), 'retryable'],
  ['a fault of a dependency', awsError(530, 'InternalDependencyException', 'oops'), 'retryable'],
  ['no service', awsError(503, 'ServiceUnavailable', 'oops'), 'retryable'],
  ['no permission', awsError(403, 'AccessDeniedException', 'no'), 'failed'],
  ['a token of yesterday', awsError(400, 'ExpiredTokenException', 'no'), 'failed'],
  ['a token of nobody', awsError(400, 'UnrecognizedClientException', 'no'), 'failed'],
  ['a wrong signature', awsError(403, 'InvalidSignatureException', 'no'), 'failed'],
  ['an error named constructor', awsError(400, 'constructor', 'no'), 'invalid'],
  ['an error page', answer(502, '<html>'), 'retryable'],
])('%s makes one request and fails as it should', async (_, reply, kind) => {
  service.replies(reply);
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({ kind });
  expect(service.received).toHaveLength(1);
});

test('an error names the component, and keeps what the service said as its cause', async () => {
  service.replies(awsError(400, 'ValidationError', ZERO_COPIES));
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({
    message: 'component "writer" was answered ValidationError (HTTP 400)',
    cause: { code: 'ValidationError', message: ZERO_COPIES, requestId: 'request-1', httpStatus: 400 },
  });
});

test('how long the service asks to wait reaches the run', async () => {
  service.replies((response) => {
    response.setHeader('retry-after', '7');
    awsError(503, 'ServiceUnavailable', 'later')(response, service.received[0]!);
  });
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({ retryAfterMs: 7000 });
});

test('a connection that breaks in the middle of the answer may be tried again', async () => {
  service.replies(breakOff);
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({
    kind: 'retryable',
    message: 'component "writer" got no answer: ECONNRESET',
  });
  expect(service.received).toHaveLength(1);
});

test.each([
  ['no JSON', 'secret words', 'expected a JSON document'],
  ['no completion', { secret: 'words' }, 'expected a text at choices[0].message.content'],
  ['null', null, 'expected a text at choices[0].message.content'],
  ['a call of a tool', { choices: [{ message: { content: null } }] }, 'expected a text at choices[0].message.content'],
])('an answer that is %s fails without a word of it', async (_, body, expected) => {
  service.replies(answer(200, body));
  const error = await errorOf(call(callOf(writer, 'Hi')));
  expect(error).toMatchObject({
    kind: 'failed',
    message: `component "writer" cannot decode its answer as openai-chat: ${expected}`,
  });
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

test('an abort in the middle of the answer closes the connection to the service', async () => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      response.write('{', () => controller.abort());
    });
  });
  await errorOf(call(callOf(writer, 'Hi', { signal: controller.signal })));
  await upstream;
});

test('a call that is aborted before it starts makes no request', async () => {
  service.replies(answer(200, completion));
  await errorOf(call(callOf(writer, 'Hi', { signal: AbortSignal.abort() })));
  expect(service.received).toHaveLength(0);
});

test('sixty calls run at once, and the next sixty use their connections', async () => {
  const sixty = () => Promise.all(Array.from({ length: 60 }, () => call(callOf(writer, 'Hi'))));
  service.replies(together(60, answer(200, completion)));
  await sixty();
  const connections = service.sockets.length;
  await sixty();
  expect(service.received).toHaveLength(120);
  expect(service.sockets).toHaveLength(connections);
});
