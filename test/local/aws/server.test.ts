import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Stack, startStack, until, WARM_COMPONENT } from './stack';

let stack: Stack;

beforeEach(async () => {
  stack = await startStack([
    {
      kind: 'json-model',
      backend: { type: 'sagemaker', endpointName: 'classifier' },
      behaviour: WARM_COMPONENT,
      brain: () => 'x',
    },
    {
      kind: 'function',
      backend: { type: 'lambda', functionName: 'cyclic' },
      handler: () => {
        const value: { self?: unknown } = {};
        value.self = value;
        return value;
      },
    },
  ]);
});

afterEach(() => stack.close());

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(stack.url + path, { method: 'POST', body, headers });

test.each([
  ['GET', '/'],
  ['POST', '/model/x/count-tokens'],
  ['POST', '/endpoints//invocations'],
  ['PUT', '/2015-03-31/functions/search/invocations'],
])('%s %s is an unknown operation', async (method, path) => {
  const response = await fetch(stack.url + path, { method });
  expect(response.status).toBe(404);
  expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  expect(await response.json()).toEqual({
    __type: 'UnknownOperationException',
    message: `no operation of the local stack answers ${method} ${path}`,
  });
});

test('every answer has a request id of its own', async () => {
  const ids = await Promise.all([1, 2].map(async () => (await post('/', '{}')).headers.get('x-amzn-requestid')));
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id ?? ''))).toBe(true);
});

test.each([
  ['', {}],
  ['null', { 'x-amz-target': 'SageMaker.DescribeEndpoint' }],
  ['{"EndpointName": 7}', { 'x-amz-target': 'SageMaker.DescribeEndpoint' }],
  ['{}', { 'x-amz-target': 'SageMaker.toString' }],
])('a control request with body %p and headers %j is refused with an error of the service', async (body, headers) => {
  const response = await post('/', body, headers);
  expect([400, 404]).toContain(response.status);
  expect(await response.json()).toMatchObject({ __type: response.headers.get('x-amzn-errortype') });
});

test('a path that is not percent-encoded well names nothing', async () => {
  expect((await post('/model/%E0%A4%A/invoke', '{}')).status).toBe(404);
});

test('a body beyond every limit is refused', async () => {
  const response = await post('/endpoints/classifier/invocations', new Uint8Array(33 * 1024 * 1024));
  expect(response.status).toBe(413);
});

test.each([
  ['is none', Buffer.from('{}'), 400, 'SerializationException'],
  ['grows beyond every limit', gzipSync(Buffer.alloc(33 * 1024 * 1024)), 413, 'RequestEntityTooLargeException'],
])('a body that is said to be packed and %s is refused', async (_, body, status, code) => {
  const response = await post('/endpoints/classifier/invocations', body, { 'content-encoding': 'gzip' });
  expect(response.status).toBe(status);
  expect(response.headers.get('x-amzn-errortype')).toBe(code);
});

test('a function whose result is no JSON fails as a function', async () => {
  const response = await post('/2015-03-31/functions/cyclic/invocations', '{}');
  expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
});

test('a client that hangs up in the middle of its request does no harm', async () => {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
  socket.write('POST /endpoints/classifier/invocations HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half":');
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  socket.end();
  socket.destroy();
  await until(() => isClosed);
  const response = await stack.inTime(post('/endpoints/classifier/invocations', '{}'));
  expect(await response.json()).toBe('x');
});
