import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import type { AgentHandler, ResponseStream } from '../../../lambda/orchestrator';
import { HttpServer } from '../../../local/aws/http-server';
import { gatewayListener } from '../../../local/gateway/gateway';
import { type Listening, listen } from '../../support/listen';

type Work = (stream: ResponseStream, context: Context) => Promise<void>;

const END_OF_HEAD = '\0'.repeat(8);
const HEAD = `{"statusCode":200,"headers":{"content-type":"text/event-stream"}}${END_OF_HEAD}`;

let listening: Listening;
let port: number;
let url: string;
let work: Work;

beforeEach(async () => {
  const handler = Object.assign((_event: unknown, stream: ResponseStream, context: Context) => work(stream, context), {
    isStreaming: true,
    agents: [],
  }) as unknown as AgentHandler;
  listening = await listen(new HttpServer(gatewayListener(() => handler)));
  ({ port, url } = listening);
});

afterEach(() => listening.close());

/** Settles when the test says so. */
function gate(): { readonly passed: Promise<void>; pass(): void } {
  let pass = () => {};
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return { passed, pass: () => pass() };
}

const end = (stream: ResponseStream, text = '') => new Promise<void>((resolve) => stream.end(text, () => resolve()));

test('parts pass through while the function still writes', async () => {
  const more = gate();
  work = async (stream) => {
    stream.write(`${HEAD}one`);
    await more.passed;
    await end(stream, 'two');
  };
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('one');
  more.pass();
  expect((await reader.read()).value).toBe('two');
  expect((await reader.read()).done).toBe(true);
});

test('so they do over HTTP/2', async () => {
  const more = gate();
  work = async (stream) => {
    stream.write(HEAD);
    await more.passed;
    await end(stream, 'text');
  };
  const session = connectHttp2(url);
  const stream = session.request({ ':path': '/agents' });
  const [headers] = await once(stream, 'response');
  expect(headers[':status']).toBe(200);
  more.pass();
  expect(String(await once(stream, 'data'))).toBe('text');
  session.destroy();
});

test('a head that comes byte by byte is one', async () => {
  work = async (stream) => {
    for (const char of `${HEAD}text`) stream.write(char);
    await end(stream);
  };
  expect(await (await fetch(url)).text()).toBe('text');
});

test('values of headers are sent as text, lists one by one', async () => {
  work = (stream) => end(stream, `{"statusCode":418,"headers":{"x-one":1,"set-cookie":["a=1","b=2"]}}${END_OF_HEAD}{}`);
  const response = await fetch(url);
  expect({ status: response.status, one: response.headers.get('x-one') }).toEqual({ status: 418, one: '1' });
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test.each<[what: string, Work]>([
  ['throws at once', () => Promise.reject(new Error('SECRET'))],
  ['ends without an answer', async () => {}],
  ['ends before its head does', (stream) => end(stream, '{"statusCode":200}')],
  ['sends a head that is no JSON', (stream) => end(stream, `oops${END_OF_HEAD}`)],
  ['sends a head without a status', (stream) => end(stream, `{}${END_OF_HEAD}`)],
  [
    'sends a head that HTTP cannot carry',
    (stream) => end(stream, `{"statusCode":200,"headers":{"ä":"ö"}}${END_OF_HEAD}`),
  ],
  ['sends a head without end', (stream) => end(stream, ' '.repeat(17 * 1024))],
])('a function that %s has failed', async (_, failing) => {
  // A stream that breaks does not call back.
  work = (stream, context) =>
    Promise.race([failing(stream, context), once(stream, 'close').then(() => Promise.reject(new Error('broken')))]);
  const response = await fetch(url);
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = await response.text();
  expect(JSON.parse(problem)).toMatchObject({ title: 'Bad Gateway', status: 502 });
  expect(problem).not.toContain('SECRET');
});

test('a function that fails in the middle breaks the connection, so that nobody takes the half for the whole', async () => {
  work = async (stream) => {
    stream.write(`${HEAD}half`);
    await nextTurn();
    throw new Error('SECRET');
  };
  const response = await fetch(url);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('a function whose caller hangs up learns of it', async () => {
  const hungUp = gate();
  work = async (stream) => {
    stream.write(HEAD);
    stream.once('close', () => hungUp.pass());
    await hungUp.passed;
  };
  const caller = new AbortController();
  await fetch(url, { signal: caller.signal });
  caller.abort();
  await hungUp.passed;
});

test('a caller who does not read holds the function back, and loses nothing', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const total = 32;
  let made = 0;
  work = async (stream) => {
    stream.write(HEAD);
    const chunks = (function* () {
      for (; made < total; made++) yield chunk;
    })();
    await pipeline(Readable.from(chunks, { highWaterMark: 1 }), stream);
  };
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  await once(socket, 'readable');
  for (let turn = 0; turn < 200; turn++) await nextTurn();
  expect(made).toBeLessThan(total);
  let bytes = 0;
  socket.on('data', (data: Buffer) => {
    bytes += data.length;
  });
  await once(socket, 'close');
  expect(bytes).toBeGreaterThan(total * chunk.length);
});

describe('limits', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('the function has 15 minutes', async () => {
    let remainingMs = 0;
    work = (stream, context) => {
      remainingMs = context.getRemainingTimeInMillis();
      return end(stream, HEAD);
    };
    await fetch(url);
    expect(remainingMs).toBeLessThanOrEqual(15 * 60_000);
    expect(remainingMs).toBeGreaterThan(14 * 60_000);
  });

  test('one that is silent for 5 minutes before its head is answered for', async () => {
    work = () => {
      setImmediate(() => jest.advanceTimersByTime(5 * 60_000));
      return new Promise(() => {});
    };
    const response = await fetch(url);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({
      title: 'The agent did not answer in time',
      detail: 'nothing came for 300000 ms',
    });
  });

  test('one that is silent for 5 minutes after that is cut off', async () => {
    work = async (stream) => {
      stream.write(`${HEAD}half`);
      setImmediate(() => jest.advanceTimersByTime(5 * 60_000));
      return new Promise(() => {});
    };
    await expect((await fetch(url)).text()).rejects.toThrow('terminated');
  });

  test('one that writes every 4 minutes is cut off after 15', async () => {
    let writes = 0;
    work = async (stream) => {
      stream.write(HEAD);
      const write = () => {
        jest.advanceTimersByTime(4 * 60_000);
        writes++;
        if ((stream as { destroyed?: boolean }).destroyed) return;
        stream.write('x', () => setImmediate(write));
      };
      setImmediate(write);
      return new Promise(() => {});
    };
    await expect((await fetch(url)).text()).rejects.toThrow('terminated');
    expect(writes).toBeGreaterThanOrEqual(4);
  });
});
