import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { type HttpResponse, HttpServer } from '../../../local/aws/http-server';
import { type Listening, listen } from '../../support/listen';

let listening: Listening;
let responses: HttpResponse[];
let client: Socket;
/** The server's end of the client's connection. */
let socket: Socket;

beforeEach(async () => {
  responses = [];
  const server = new HttpServer((request, response) => {
    responses.push(response);
    if (request.url !== '/slow') response.end(`HTTP/${request.httpVersion}`);
  });
  listening = await listen(server);
  const accepted = once(server, 'connection');
  client = connect(listening.port, '127.0.0.1').setEncoding('latin1').setNoDelay();
  client.on('error', () => {});
  [socket] = await accepted;
});

afterEach(() => {
  client.destroy();
  return listening.close();
});

/** Sends a part of a request and waits until the server has it. */
async function send(part: string): Promise<void> {
  const received = once(socket, 'data');
  client.write(part);
  await received;
}

test.each([
  ['its first letter is that of HTTP/2', ['P', 'UT / HTTP/1.1\r\nhost: x\r\n\r\n']],
  ['its first letters are those of HTTP/2', ['PRI', 'NT / HTTP/1.1\r\nhost: x\r\n\r\n']],
])('a request of HTTP/1.1 in pieces is one, though %s', async (_, [start = '', rest = '']) => {
  await send(start);
  client.write(rest);
  expect((await once(client, 'data'))[0]).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)\r\n/);
});

test('the preface of HTTP/2 in pieces is one', async () => {
  await send('P');
  await send('RI * HTTP/2.0\r\n');
  client.write('\r\nSM\r\n\r\n');
  // A frame of settings comes first: three bytes of length, then type 4.
  expect((await once(client, 'data'))[0].charCodeAt(3)).toBe(4);
});

test('a client of HTTP/2 is answered', async () => {
  const session = connectHttp2(listening.url);
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  expect((await once(stream, 'data'))[0]).toBe('HTTP/2.0');
  session.destroy();
});

test.each([
  ['sends nothing', ''],
  ['stops within the preface', 'PR'],
  ['never ends its headers', 'GET / HTTP/1.1\r\nhost: x\r\n'],
])('a client that %s is hung up on after half a minute of silence', async (_, part) => {
  if (part) await send(part);
  expect(socket.timeout).toBe(30_000);
  const closed = once(client, 'close');
  socket.emit('timeout');
  await closed;
});

test('a client may wait as long as its answer takes, and only so long', async () => {
  await send('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(responses).toHaveLength(1);
  expect(socket.timeout).toBe(0);
  responses[0]!.end();
  await once(client, 'data');
  await send('GET / HTTP/1.1\r\n');
  expect(socket.timeout).toBeGreaterThan(0);
  expect(socket.timeout).toBeLessThanOrEqual(30_000);
});
