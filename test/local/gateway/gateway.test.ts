import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Handler } from '../../../lambda/orchestrator';
import { HttpServer } from '../../../local/aws/http-server';
import { gatewayListener } from '../../../local/gateway/gateway';
import { type Listening, listen } from '../../support/listen';

const MEGABYTE = 1024 * 1024;
const UUID = /^[0-9a-f-]{36}$/;

let url: string;
let port: number;
let server: HttpServer;
let listening: Listening;
let handler: Handler;
let events: APIGatewayProxyEvent[];
let contexts: Context[];

const ok: APIGatewayProxyResult = { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' };

beforeEach(async () => {
  events = [];
  contexts = [];
  handler = async () => ok;
  server = new HttpServer(
    gatewayListener(() => (event, context) => {
      events.push(event);
      contexts.push(context);
      return handler(event, context);
    }),
  );
  listening = await listen(server);
  ({ port, url } = listening);
});

afterEach(() => listening.close());

/** Sends bytes as they are, and gives what comes back until the connection ends. */
async function raw(request: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(request);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

test('a request is the event of a REST API with a proxy integration', async () => {
  const before = Date.now();
  await raw(
    [
      'POST /agents/support/runs?tag=a&tag=b&q=1%202&empty= HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      'X-Trace: one',
      'x-trace: two',
      'X-Trace: three',
      'User-Agent: test/1.0',
      'Content-Length: 9',
      'Connection: close',
      '',
      '{"q":"ä"}'.slice(0, 9),
    ].join('\r\n'),
  ).catch(() => {});
  expect(events).toEqual([
    {
      resource: '/{proxy+}',
      path: '/agents/support/runs',
      httpMethod: 'POST',
      headers: {
        Host: `127.0.0.1:${port}`,
        'Content-Type': 'application/json',
        'X-Trace': 'three',
        'x-trace': 'two',
        'User-Agent': 'test/1.0',
        'Content-Length': '9',
        Connection: 'close',
      },
      multiValueHeaders: {
        Host: [`127.0.0.1:${port}`],
        'Content-Type': ['application/json'],
        'X-Trace': ['one', 'three'],
        'x-trace': ['two'],
        'User-Agent': ['test/1.0'],
        'Content-Length': ['9'],
        Connection: ['close'],
      },
      queryStringParameters: { tag: 'b', q: '1 2', empty: '' },
      multiValueQueryStringParameters: { tag: ['a', 'b'], q: ['1 2'], empty: [''] },
      pathParameters: { proxy: 'agents/support/runs' },
      stageVariables: null,
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        authorizer: null,
        domainName: `127.0.0.1:${port}`,
        domainPrefix: 'local',
        extendedRequestId: expect.stringMatching(UUID),
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          apiKey: null,
          apiKeyId: null,
          caller: null,
          clientCert: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'test/1.0',
          userArn: null,
        },
        path: '/local/agents/support/runs',
        protocol: 'HTTP/1.1',
        requestId: expect.stringMatching(UUID),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: 'proxy',
        resourcePath: '/{proxy+}',
        stage: 'local',
      },
      body: '{"q":"ä"',
      isBase64Encoded: false,
    },
  ]);
  expect(events[0]!.requestContext.requestTimeEpoch).toBeGreaterThanOrEqual(before);
});

test('what a request lacks is null', async () => {
  await fetch(`${url}/agents`);
  expect(events[0]).toMatchObject({
    httpMethod: 'GET',
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
  });
});

test.each([
  ['text', Buffer.from('{"a":"ä€😀"}'), '{"a":"ä€😀"}', false],
  ['text that is no JSON', Buffer.from('hello\0'), 'hello\0', false],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'Iv8i', true],
  ['a character cut in half', Buffer.from('€').subarray(0, 2), '4oI=', true],
])('a body of %s comes through', async (_, sent, body, isBase64Encoded) => {
  await post('/agents', sent);
  expect(events[0]).toMatchObject({ body, isBase64Encoded });
});

test.each([
  ['/agents/a%20b', '/agents/a%20b'],
  ['/agents/%E0%A4%A', '/agents/%E0%A4%A'],
  ['//agents', '//agents'],
  ['//', '//'],
  ['/agents/../secret', '/agents/../secret'],
  ['/agents/./x', '/agents/./x'],
  ['/agents?a=1?b=2', '/agents'],
  ['http://elsewhere.example/agents?x=1', '/agents'],
  ['/agents#part', '/agents'],
])('the path of the target %s is %s', async (target, path) => {
  const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(events[0]!.path).toBe(path);
});

test('names that every object has are names like others', async () => {
  await raw('GET /agents?__proto__=1&constructor=2 HTTP/1.1\r\nHost: x\r\n__proto__: 3\r\nConnection: close\r\n\r\n');
  expect(Object.entries(events[0]!.queryStringParameters ?? {})).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
  expect(Object.entries(events[0]!.headers)).toContainEqual(['__proto__', '3']);
});

test('HTTP/2 makes the same event', async () => {
  const session = connectHttp2(url);
  const stream = session.request({ ':method': 'POST', ':path': '/agents?x=1', 'x-trace': 'one' });
  stream.end('{}');
  stream.resume();
  await once(stream, 'end');
  session.close();
  expect(events[0]).toMatchObject({
    path: '/agents',
    httpMethod: 'POST',
    headers: { 'x-trace': 'one' },
    queryStringParameters: { x: '1' },
    requestContext: { protocol: 'HTTP/2.0', domainName: `127.0.0.1:${port}` },
    body: '{}',
  });
  expect(Object.keys(events[0]!.headers).filter((name) => name.startsWith(':'))).toEqual([]);
});

test('an invocation has an id of its own, and counts down from 29 seconds', async () => {
  await Promise.all([fetch(url), fetch(url)]);
  expect(new Set(contexts.map(({ awsRequestId }) => awsRequestId)).size).toBe(2);
  for (const context of contexts) {
    expect(context.getRemainingTimeInMillis()).toBeLessThanOrEqual(29_000);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(20_000);
  }
});

test('what the function answers is what the caller gets', async () => {
  handler = async () => ({
    statusCode: 418,
    headers: { 'content-type': 'text/plain', 'x-one': 1, 'x-yes': true },
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    body: Buffer.from('short and stout').toString('base64'),
    isBase64Encoded: true,
  });
  const response = await fetch(url);
  expect(response.status).toBe(418);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain',
    'x-one': '1',
    'x-yes': 'true',
  });
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.text()).toBe('short and stout');
});

test.each([
  // A body grows as it becomes JSON inside the JSON of the event.
  [5 * MEGABYTE, 'x', 200],
  [6 * MEGABYTE, 'x', 413],
  [4 * MEGABYTE, '"', 413],
  [10 * MEGABYTE, 'x', 413],
  [10 * MEGABYTE + 1, 'x', 413],
  [30 * MEGABYTE, 'x', 413],
])('a body of %d bytes %s is answered %d', async (bytes, letter, status) => {
  const response = await post('/agents', letter.repeat(bytes));
  expect(response.status).toBe(status);
  expect(events).toHaveLength(status === 200 ? 1 : 0);
  if (status === 200) return;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'urn:compound:problem:request-too-large',
    title: 'The request is too large',
    status: 413,
    detail: 'a request may have 10 MB, and 6 MB as the event of a function',
  });
});

test.each([
  ['throws', () => Promise.reject(new Error('SECRET'))],
  [
    'throws at once',
    () => {
      throw new Error('SECRET');
    },
  ],
  ['answers nothing', async () => undefined as unknown as APIGatewayProxyResult],
  ['answers what HTTP cannot carry', async () => ({ ...ok, headers: { 'x-bad': 'SECRET\n' } })],
  ['answers a status that is none', async () => ({ ...ok, statusCode: 7 })],
])('a function that %s is answered 502, and the next request is served', async (_, broken) => {
  handler = broken;
  const response = await fetch(url);
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Bad Gateway',
    status: 502,
    detail: 'the function threw an error or answered what is no response',
  });
  handler = async () => ok;
  expect((await fetch(url)).status).toBe(200);
});

test('a function that does not answer within 29 seconds is answered for', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  try {
    handler = () => {
      // The time limit is set beside the invocation.
      setImmediate(() => jest.advanceTimersByTime(29_000));
      return new Promise(() => {});
    };
    const response = await fetch(url);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ type: 'urn:compound:problem:deadline-exceeded', status: 504 });
  } finally {
    jest.useRealTimers();
  }
});

test.each(['HTTP/1.1', 'HTTP/2'])(
  'a caller that leaves while %s waits for the answer does no harm',
  async (protocol) => {
    let finish = () => {};
    const invoked = new Promise<void>((resolve) => {
      handler = () => {
        resolve();
        return new Promise((done) => {
          finish = () => done(ok);
        });
      };
    });
    if (protocol === 'HTTP/2') {
      const session = connectHttp2(url);
      session.on('error', () => {});
      const stream = session.request({ ':path': '/agents' });
      stream.on('error', () => {});
      await invoked;
      session.destroy();
      await once(session, 'close');
    } else {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /agents HTTP/1.1\r\nHost: x\r\n\r\n');
      await invoked;
      socket.destroy();
      await once(socket, 'close');
    }
    finish();
    handler = async () => ok;
    expect((await fetch(url)).status).toBe(200);
  },
);

test('a caller that leaves in the middle of its request never reaches the function', async () => {
  const socket = connect(port, '127.0.0.1');
  const arrived = once(server, 'connection');
  socket.write('POST /agents HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":');
  await arrived;
  socket.destroy();
  await once(socket, 'close');
  expect((await fetch(url)).status).toBe(200);
  expect(events).toHaveLength(1);
});
