import { once } from 'node:events';
import { connect } from 'node:net';
import { answer, breakOff, closed, type Reply, Service } from '../lambda/backends/service';
import { type Compound, killAll, startLocal, system } from './compound';

const MEGABYTE = 1024 * 1024;

/** Stands for what a user says: never to be seen in an answer that refuses it, nor in what the stack prints. */
const SECRET = 'SECRET-4711';

let oracle: Service;
let local: Compound;
let url: string;

beforeAll(async () => {
  oracle = await Service.start();
  const modules = ['parrot', 'remote', 'unbound'].map(system);
  // The lines that a developer sees on the terminal have the words of whoever failed, as no log of a deployment has.
  ({ local, url } = await startLocal([...modules, '--speed', '1000', '--model', `oracle=${oracle.url}/v1`]));
});

afterEach(async () => {
  const response = await run('parrot', { text: 'still here' });
  expect(await response.json()).toEqual({ runId: expect.any(String), output: { said: 'still here' } });
});

afterAll(async () => {
  const { code, stdout, stderr } = await local.kill('SIGTERM');
  await oracle.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain(SECRET);
});

afterAll(killAll);

function run(agent: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/agents/${agent}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

/** Asserts a problem document that tells nothing it should not. */
async function expectProblem(response: Response, status: number, body: object): Promise<void> {
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({
    type: expect.stringMatching(/^(urn:compound:problem:|about:blank)/),
    title: expect.any(String),
    status,
    ...body,
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(text).not.toContain(SECRET);
  expect(text).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules/);
}

const runId = expect.any(String);
const nested = (depth: number) => `{"text":${'['.repeat(depth)}${']'.repeat(depth)}}`;

test.each<[what: string, body: unknown, status: number, problem: object]>([
  ['no body', '', 400, { detail: 'the body is not valid JSON (Unexpected end)' }],
  ['malformed JSON', `{"text":"${SECRET}"`, 400, { detail: expect.stringMatching(/^the body is not valid JSON/) }],
  [
    'a field of the wrong type',
    { text: [SECRET] },
    422,
    {
      runId,
      detail: expect.stringContaining('text: '),
      errors: [{ field: 'text', detail: 'Invalid input: expected string, received array' }],
    },
  ],
  [
    'a field too few and one out of range',
    { times: 99 },
    422,
    {
      runId,
      detail: expect.any(String),
      errors: [
        { field: 'text', detail: expect.any(String) },
        { field: 'times', detail: expect.any(String) },
      ],
    },
  ],
  [
    'a list in place of an object',
    [],
    422,
    { runId, detail: expect.any(String), errors: [{ field: '', detail: expect.any(String) }] },
  ],
  [
    'a field that is unknown',
    { text: 'x', more: SECRET },
    422,
    { runId, detail: expect.any(String), errors: [{ field: '', detail: 'Unrecognized key: "more"' }] },
  ],
  ['5 MB', { text: 'x'.repeat(5 * MEGABYTE) }, 413, { detail: 'the body has 5242891 bytes, the limit is 4194304' }],
  ['10 MB', { text: 'x'.repeat(10 * MEGABYTE) }, 413, { detail: expect.stringContaining('10 MB') }],
  ['20 MB', { text: 'x'.repeat(20 * MEGABYTE) }, 413, { detail: expect.stringContaining('10 MB') }],
  [
    '65 levels',
    nested(65),
    400,
    { detail: expect.any(String), errors: [{ field: expect.any(String), detail: 'is nested deeper than 64 levels' }] },
  ],
  [
    'a million levels',
    nested(1_000_000),
    400,
    { detail: expect.any(String), errors: [{ field: expect.any(String), detail: 'is nested deeper than 64 levels' }] },
  ],
  [
    'the key __proto__',
    `{"text":"x","__proto__":{"polluted":"${SECRET}"}}`,
    400,
    {
      detail: '__proto__ is not allowed as a key',
      errors: [{ field: '__proto__', detail: 'is not allowed as a key' }],
    },
  ],
  [
    'the key constructor',
    '{"text":"x","constructor":{"prototype":{"polluted":1}}}',
    400,
    {
      detail: 'constructor is not allowed as a key',
      errors: [{ field: 'constructor', detail: 'is not allowed as a key' }],
    },
  ],
  [
    'bytes that are no UTF-8',
    Buffer.from([...Buffer.from('{"text":"'), 0xc3, 0x28, ...Buffer.from('"}')]),
    400,
    { detail: 'the body is not valid UTF-8' },
  ],
])('a body with %s is refused', async (_, body, status, problem) => {
  await expectProblem(await run('parrot', body), status, problem);
});

test('text that is hard to carry arrives as it was', async () => {
  const text = `"\\\u0000\u001b[31m\u2028\ud83e\udd9c${'ä€'.repeat(1000)}\ud800`;
  const { output } = (await (await run('parrot', { text })).json()) as { output: unknown };
  expect(output).toEqual({ said: text });
});

test.each([
  ['POST', '/agents/nobody/runs', 404, 'no agent is named "nobody"; the agents are: parrot, remote, unbound'],
  ['POST', '/agents/__proto__/runs', 404, 'no agent is named "__proto__"; the agents are: parrot, remote, unbound'],
  ['POST', '/agents/%00/runs', 404, 'no agent is named "\\u0000"; the agents are: parrot, remote, unbound'],
  ['GET', '//', 404, 'see GET /agents for what there is'],
  ['POST', '/agents/%E0%A4%A/runs', 404, 'see GET /agents for what there is'],
  ['GET', '/agents/parrot/runs', 405, '/agents/parrot/runs takes POST only, got: GET'],
  ['DELETE', '/agents', 405, '/agents takes GET only, got: DELETE'],
])('%s %s is answered %d', async (method, path, status, detail) => {
  await expectProblem(await fetch(url + path, { method }), status, { detail });
});

test.each(['text/plain', 'application/xml', 'application/json; charset=latin1'])(
  'a body of type %s is refused',
  async (type) => {
    await expectProblem(await run('parrot', { text: SECRET }, { 'content-type': type }), 415, {
      detail: 'send JSON with the header "content-type: application/json"',
    });
  },
);

test('a deadline that is none is refused by the name of the header', async () => {
  const detail = 'must be a number of milliseconds from 1, as in 1500, got: "soon"';
  await expectProblem(await run('parrot', { text: 'x' }, { 'compound-deadline-ms': 'soon' }), 400, {
    detail: `the header compound-deadline-ms ${detail}`,
    errors: [{ field: 'compound-deadline-ms', detail }],
  });
});

test('an agent with a component without a binding says which', async () => {
  await expectProblem(await run('unbound', { text: SECRET }), 500, {
    runId,
    detail: 'no backend is bound to "nobody" of agent "unbound": add it to the deployment',
  });
});

test('a brain that throws is a component that failed', async () => {
  await expectProblem(await run('parrot', { text: `${SECRET}, a brain that throws` }), 502, {
    runId,
    node: 'voice',
    detail: 'voice: component "voice" was answered ModelError (HTTP 424)',
  });
});

test('a function that throws is a component that failed', async () => {
  await expectProblem(await run('parrot', { text: `${SECRET}, a function that throws` }), 502, {
    runId,
    node: 'known',
    detail: 'known: component "look-up" failed in its function: RangeError',
  });
});

const redirect: Reply = answer(302, '', { location: 'http://127.0.0.1:9/' });
const gibberish: Reply = (response) => response.socket?.end(`${SECRET}\r\n\r\n`);

test.each<[what: string, Reply, status: number, detail: string]>([
  ['closes the connection in the middle of its body', breakOff, 502, 'got no answer: UND_ERR_SOCKET'],
  ['closes the connection at once', (response) => response.socket?.destroy(), 502, 'got no answer: UND_ERR_SOCKET'],
  [
    'answers what is no JSON',
    answer(200, `<p>${SECRET}</p>`),
    502,
    'cannot decode its answer as openai-chat: expected a JSON document',
  ],
  ['answers nothing', answer(200, ''), 502, 'cannot decode its answer as openai-chat: expected a JSON document'],
  [
    'answers null',
    answer(200, 'null'),
    502,
    'cannot decode its answer as openai-chat: expected a text at choices[0].message.content',
  ],
  [
    'answers no text',
    answer(200, { choices: [] }),
    502,
    'cannot decode its answer as openai-chat: expected a text at choices[0].message.content',
  ],
  ['redirects', redirect, 500, 'was answered HTTP 302'],
  ['fails', answer(500, { error: { message: 'out of memory' } }), 502, 'was answered HTTP 500'],
])('a backend that %s is named', async (_, reply, status, detail) => {
  oracle.replies(reply);
  await expectProblem(await run('remote', { text: SECRET }), status, {
    runId,
    node: 'answer',
    detail: `answer: component "oracle" ${detail}`,
  });
});

test('a backend that speaks no HTTP is named', async () => {
  oracle.replies(gibberish);
  const detail = expect.stringContaining('answer: component "oracle" got no answer');
  await expectProblem(await run('remote', { text: SECRET }), 502, { runId, node: 'answer', detail });
});

test.each<[status: number, sent: Record<string, string>, expected: number, fault: string]>([
  [429, {}, 5, 'was answered HTTP 429'],
  [503, { 'retry-after': '7' }, 7, 'did not become ready in time'],
])('a backend that answers HTTP %d with %j makes the caller wait for %s s', async (status, headers, seconds, fault) => {
  oracle.replies(answer(status, '', headers));
  const response = await run('remote', { text: SECRET }, { 'compound-deadline-ms': '200' });
  expect(response.headers.get('retry-after')).toBe(`${seconds}`);
  await expectProblem(response, status, {
    runId,
    node: 'answer',
    retryAfterSeconds: seconds,
    detail: `answer: component "oracle" ${fault}`,
  });
});

test('a backend that hangs is left at the deadline of the caller', async () => {
  const upstream = new Promise((resolve) => oracle.replies((response) => resolve(closed(response))));
  const response = await run('remote', { text: SECRET }, { 'compound-deadline-ms': '150' });
  // The deadline counts from the arrival of the request, a moment before its run.
  await expectProblem(response, 504, { runId, node: 'answer', detail: expect.stringMatching(/\b1[0-5]\d ms\b/) });
  await upstream;
});

test('a caller that leaves in the middle of its body does no harm', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('POST /agents/parrot/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"text":');
  await once(socket, 'connect');
  socket.destroy();
  await once(socket, 'close');
});

test('a caller that speaks no HTTP is refused', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('hello?\r\n\r\n');
  const [said] = await once(socket, 'data');
  expect(String(said)).toMatch(/^HTTP\/1\.1 400 /);
  socket.destroy();
});

test('a hundred callers at once are all served', async () => {
  const texts = Array.from({ length: 100 }, (_, i) => `number ${i}`);
  const answers = await Promise.all(texts.map(async (text) => (await run('parrot', { text })).json()));
  expect(answers).toEqual(texts.map((said) => ({ runId, output: { said } })));
});
