import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { graph } from '../../../core/graph';
import { serve } from '../../../lambda/orchestrator';
import { ask, run } from './event';

const MEGABYTE = 1024 * 1024;

const echo = graph('echo', { input: z.any() })
  .compute('said', [], ({ input }) => input)
  .output(['said'], ({ said }) => said);

const handler = serve(echo, { config: { bindings: {} }, onRunEnd: () => {} });

test.each([
  ['application/json'],
  ['Application/JSON'],
  ['application/json; charset=utf-8'],
  ['application/json;charset="UTF-8"'],
  ['application/json ; charset=utf-8 '],
  ['application/vnd.api+json'],
])('a body of type %s is read', async (type) => {
  expect(await run(handler, 'echo', { a: 1 }, { 'content-type': type })).toMatchObject({
    status: 200,
    body: { output: { a: 1 } },
  });
});

test.each([
  [''],
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['application/jsonp'],
  ['text/json'],
  ['application/json; charset=latin1'],
  ['application/json, text/html'],
  ['multipart/form-data; boundary=application/json'],
])('a body of type %p is refused', async (type) => {
  expect(await run(handler, 'echo', { a: 1 }, { 'content-type': type })).toMatchObject({
    status: 415,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:compound:problem:unsupported-media-type',
      detail: 'send JSON with the header "content-type: application/json"',
    },
  });
});

test.each(['gzip', 'br', 'deflate, gzip'])('a body packed by %s is refused, whatever its bytes are', async (coding) => {
  const headers = { 'content-encoding': coding };
  expect(await run(handler, 'echo', gzipSync('{"a":1}'), headers)).toMatchObject({
    status: 415,
    headers: { 'accept-encoding': 'identity' },
    body: { detail: `send the body as it is, without a content encoding, got: "${coding}"` },
  });
});

test('a body that is said to be packed by nothing is read', async () => {
  expect(await run(handler, 'echo', { a: 1 }, { 'content-encoding': 'identity' })).toMatchObject({ status: 200 });
});

test.each(['content-type', 'Content-Type', 'CONTENT-TYPE'])('the header may be written %s', async (name) => {
  const headers = { [name]: 'application/json' };
  expect(await ask(handler, { method: 'POST', path: '/agents/echo/runs', headers, body: 1 })).toMatchObject({
    status: 200,
  });
});

test.each([
  ['{', 'the body is not valid JSON'],
  ['', 'the body is not valid JSON (Unexpected end)'],
  ['{"a":1,}', 'the body is not valid JSON'],
  ["{'a':1}", 'the body is not valid JSON'],
  ['{"a":1}{"b":2}', 'the body is not valid JSON'],
  ['{"a":NaN}', 'the body is not valid JSON'],
  [Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'the body is not valid UTF-8'],
  [Buffer.from('"ä"', 'latin1'), 'the body is not valid UTF-8'],
  [Buffer.from('{"a":1}', 'utf16le'), 'the body is not valid JSON'],
])('the body %p cannot be read', async (body, detail) => {
  const answered = await run(handler, 'echo', body);
  expect(answered).toMatchObject({
    status: 400,
    body: { type: 'urn:compound:problem:malformed-request', title: 'The request cannot be read' },
  });
  expect(answered.body.detail.startsWith(detail)).toBe(true);
});

test('where JSON goes wrong is told, not what stands there', async () => {
  const { body, text } = await run(handler, 'echo', `{"password": "${'SECRET'.repeat(20)}" oops}`);
  expect(body.detail).toMatch(/^the body is not valid JSON \(at position \d+\)$/);
  expect(text).not.toContain('SECRET');
});

test.each([
  ['text', '{"a":"ä€😀"}'],
  ['base64', Buffer.from('{"a":"ä€😀"}')],
  ['base64 with a byte order mark', Buffer.from('\ufeff{"a":"ä€😀"}')],
])('a body that comes as %s is read as UTF-8', async (_, body) => {
  expect((await run(handler, 'echo', body)).body.output).toEqual({ a: 'ä€😀' });
});

test.each([
  [4 * MEGABYTE, 200],
  [4 * MEGABYTE + 1, 413],
  [10 * MEGABYTE, 413],
])('a body of %d bytes is answered %d', async (bytes, status) => {
  const text = JSON.stringify('x'.repeat(bytes - 2));
  expect((await run(handler, 'echo', text)).status).toBe(status);
  expect((await run(handler, 'echo', Buffer.from(text))).status).toBe(status);
});

test('a body that is too large is told the limit', async () => {
  expect((await run(handler, 'echo', 'x'.repeat(4 * MEGABYTE + 7))).body).toMatchObject({
    type: 'urn:compound:problem:request-too-large',
    title: 'The request is too large',
    detail: 'the body has 4194311 bytes, the limit is 4194304',
  });
});

test('a long list of numbers is read', async () => {
  expect((await run(handler, 'echo', `[${'0,'.repeat(MEGABYTE)}0]`)).status).toBe(200);
});

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

test.each([
  ['[', ']'],
  ['{"a":', '}'],
])('nesting with %s ends at 64 levels', async (open, close) => {
  expect((await run(handler, 'echo', nested(64, open, close))).status).toBe(200);
  const { status, body } = await run(handler, 'echo', nested(65, open, close));
  expect(status).toBe(400);
  expect(body.errors).toEqual([{ field: expect.any(String), detail: 'is nested deeper than 64 levels' }]);
});

test('nesting without end does not end the function', async () => {
  expect((await run(handler, 'echo', '['.repeat(MEGABYTE) + ']'.repeat(MEGABYTE))).status).toBe(400);
  expect((await run(handler, 'echo', '['.repeat(MEGABYTE))).status).toBe(400);
});

test.each([
  ['{"__proto__":{"admin":true}}', '__proto__'],
  ['{"a":{"constructor":{"prototype":{"admin":true}}}}', 'a.constructor'],
  ['{"list":[{"ok":1},{"prototype":1}]}', 'list[1].prototype'],
  ['{"\\u005f_proto__":1}', '__proto__'],
])('%s is refused by the name of the key', async (body, field) => {
  expect(await run(handler, 'echo', body)).toMatchObject({
    status: 400,
    body: {
      detail: `${field} is not allowed as a key`,
      errors: [{ field, detail: 'is not allowed as a key' }],
    },
  });
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

test('the same words as values are welcome', async () => {
  expect((await run(handler, 'echo', ['__proto__', 'constructor'])).status).toBe(200);
});

test('a refused key whose path is without end is not repeated in full', async () => {
  const { status, text } = await run(handler, 'echo', `{"${'x'.repeat(2 * MEGABYTE)}":{"__proto__":1}}`);
  expect(status).toBe(400);
  expect(text.length).toBeLessThan(2000);
});
