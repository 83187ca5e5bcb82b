import { z } from 'zod';
import { model, tool } from '../../../core/graph/component';
import type { Caller } from '../../../core/run/call';
import { callerFor } from '../../../lambda/backends';
import { MAX_ANSWER_BYTES } from '../../../lambda/backends/answer-limit';
import { callOf, errorOf, printed } from './call';
import { answer, breakOff, closed, Service } from './service';

const writer = model('writer');
const search = tool('search', { input: z.object({ query: z.string() }), output: z.any() });
const completion = { choices: [{ message: { content: 'Hello.' }, finish_reason: 'stop' }] };

let service: Service;
let call: Caller;

beforeAll(async () => {
  service = await Service.start();
  call = callerFor({
    writer: { type: 'http', url: `${service.url}/v1/`, model: 'qwen3', headers: { authorization: 'Bearer key' } },
    search: { type: 'http', url: `${service.url}/search` },
  });
});

afterAll(() => service.stop());

test('an OpenAI-compatible server is asked for the model under its base URL', async () => {
  service.replies(answer(200, completion));
  await expect(call(callOf(writer, 'Hi'))).resolves.toEqual({ output: { text: 'Hello.', finishReason: 'stop' } });
  expect(service.received[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
    body: '{"model":"qwen3","messages":[{"role":"user","content":"Hi"}]}',
  });
});

test('a tool is posted to at its URL', async () => {
  service.replies(answer(200, { passages: [] }));
  await expect(call(callOf(search, { query: 'gpu' }))).resolves.toEqual({ output: { passages: [] } });
  expect(service.received[0]).toMatchObject({ path: '/search', body: '{"query":"gpu"}' });
});

test('a refusal, however long, is no progress of an answer', async () => {
  service.replies(answer(429, { error: { message: 'x'.repeat(100_000) } }));
  let parts = 0;
  const progress = () => {
    parts++;
  };
  await expect(call(callOf(search, {}, { progress }))).rejects.toMatchObject({ kind: 'throttled' });
  expect(parts).toBe(0);
});

test('every part of an answer is progress', async () => {
  const parts = ['{"a"', ':1}'];
  const seen: string[] = [];
  let more = () => {};
  service.replies((response) => {
    more = () => response.write(parts[0], () => (more = () => response.end(parts[1])));
    response.flushHeaders();
  });
  const progress = () => {
    seen.push('progress');
    setImmediate(() => more());
  };
  await expect(call(callOf(search, {}, { progress }))).resolves.toEqual({ output: { a: 1 } });
  expect(seen).toHaveLength(3);
});

test.each([
  [400, {}, 'invalid'],
  [401, {}, 'invalid'],
  [404, {}, 'invalid'],
  [302, { location: '/elsewhere' }, 'invalid'],
  [408, {}, 'retryable'],
  [425, {}, 'retryable'],
  [429, {}, 'throttled'],
  [500, {}, 'retryable'],
  [502, {}, 'retryable'],
  [503, {}, 'retryable'],
  [503, { 'retry-after': '20' }, 'not-ready'],
  [504, {}, 'retryable'],
])('HTTP %d with headers %j is %s after one request', async (status, headers, kind) => {
  service.replies(answer(status, 'secret words', headers));
  const error = await errorOf(call(callOf(writer, 'Hi')));
  expect(error).toMatchObject({
    kind,
    message: `component "writer" was answered HTTP ${status}`,
    cause: { code: `HTTP ${status}`, httpStatus: status },
  });
  expect(printed(error)).not.toContain('secret');
  expect(service.received).toHaveLength(1);
});

test('the error of an OpenAI-compatible server is the cause', async () => {
  const error = { message: 'too many tokens', type: 'invalid_request_error', code: 'context_length_exceeded' };
  service.replies(answer(400, { error }, { 'x-request-id': 'req-7' }));
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({
    cause: { code: 'context_length_exceeded', message: 'too many tokens', requestId: 'req-7', httpStatus: 400 },
  });
});

test.each([
  ['12', 12_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s asks to wait %p ms', async (header, retryAfterMs) => {
  service.replies(answer(429, '', { 'retry-after': header }));
  const error = await errorOf(call(callOf(writer, 'Hi')));
  expect(error.retryAfterMs).toBe(retryAfterMs);
});

test.each([
  ['no JSON', writer, 'secret words', 'openai-chat: expected a JSON document'],
  ['no completion', writer, { secret: 1 }, 'openai-chat: expected a text at choices[0].message.content'],
  ['no JSON for a tool', search, 'secret words', 'json: expected a JSON document'],
])('an answer that is %s fails without a word of it', async (_, component, body, expected) => {
  service.replies(answer(200, body));
  const error = await errorOf(call(callOf(component, 'Hi')));
  expect(error.kind).toBe('failed');
  expect(error.message).toBe(`component "${component.name}" cannot decode its answer as ${expected}`);
  expect(printed(error)).not.toContain('secret');
});

test('what a format of an author throws at an answer may quote it: it is the cause, and not in the message', async () => {
  const format = {
    encode: () => '',
    decode: (body: Uint8Array): string => {
      throw Buffer.from(body).toString();
    },
  };
  service.replies(answer(200, 'SECRET'));
  const error = await errorOf(call(callOf(model('search', { format }), 'Hi')));
  expect(error).toMatchObject({
    kind: 'failed',
    message: 'component "search" cannot decode its answer as its own format',
    cause: { message: '"SECRET"' },
  });
  expect(error.cause).toBeInstanceOf(Error);
});

test.each([
  ['Rate limit of: who is Ada?', 'unknown'],
  ['x'.repeat(65), 'unknown'],
  ['', 'unknown'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['quota:tokens-per.min_1', 'quota:tokens-per.min_1'],
])('the error code %p of a server is told as %p', async (code, expected) => {
  service.replies(answer(400, { error: { message: '', code } }));
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({ cause: { code: expected } });
});

test('an answer without end is cut off', async () => {
  const part = Buffer.alloc(MAX_ANSWER_BYTES / 4);
  let upstream: Promise<void> | undefined;
  service.replies((response) => {
    upstream = closed(response);
    const pump = () => response.write(part, (error) => error ?? pump());
    pump();
  });
  await expect(errorOf(call(callOf(search, {})))).resolves.toMatchObject({
    kind: 'failed',
    message: `component "search" answered with more than ${MAX_ANSWER_BYTES} bytes`,
  });
  await upstream;
});

test('a connection that breaks in the middle of the answer may be tried again', async () => {
  service.replies(breakOff);
  await expect(errorOf(call(callOf(writer, 'Hi')))).resolves.toMatchObject({
    kind: 'retryable',
    message: 'component "writer" got no answer: UND_ERR_SOCKET',
  });
  expect(service.received).toHaveLength(1);
});

test('a server that is not up may be tried again', async () => {
  const gone = await Service.start();
  await gone.stop();
  const callGone = callerFor({ search: { type: 'http', url: gone.url } });
  await expect(errorOf(callGone(callOf(search, {})))).resolves.toMatchObject({
    kind: 'retryable',
    cause: { code: 'ECONNREFUSED' },
  });
});

test('a URL that is none fails', async () => {
  const callNowhere = callerFor({ search: { type: 'http', url: 'search' } });
  await expect(errorOf(callNowhere(callOf(search, {})))).resolves.toMatchObject({
    kind: 'failed',
    cause: { code: 'ERR_INVALID_URL' },
  });
});

test.each(['before the answer', 'in the middle of it'])('an abort %s closes the connection', async (when) => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      if (when === 'before the answer') controller.abort();
      else response.write('{', () => controller.abort());
    });
  });
  await errorOf(call(callOf(writer, 'Hi', { signal: controller.signal })));
  await upstream;
});
