import { once } from 'node:events';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { graph } from '../../../../core/graph';
import { type RunReport, serve } from '../../../../lambda/orchestrator';
import { answer, Service } from '../../backends/service';
import { completion, writerAt } from '../agents';
import { add, calm, greet } from '../chat-agents';
import { Gateway } from '../gateway';

/** An agent whose output is no object, and whose schemas refer to themselves. */
interface Tree {
  readonly leaves: readonly Tree[];
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ leaves: z.array(Tree) }));
const size = graph('size', { input: z.array(Tree), output: z.number() })
  .compute('n', [], ({ input }) => input.length)
  .output(({ n }) => n);

/** Agents that take one of several things. */
const Word = z.object({ word: z.string() });
const echo = { input: z.union([z.string(), Word]) };
const either = graph('either', echo)
  .compute('n', [], ({ input }) => (typeof input === 'string' ? input : input.word))
  .output(({ n }) => n);
const both = graph('both', { input: z.union([Word, z.object({ number: z.number() })]) })
  .compute('n', [], ({ input }) => ('word' in input ? input.word : String(input.number)))
  .output(({ n }) => n);
const maybe = graph('maybe', { input: Word.nullable() })
  .compute('n', [], ({ input }) => input?.word ?? 'nothing')
  .output(({ n }) => n);

let service: Service;
let gateway: Gateway;
let reports: RunReport[];

beforeAll(async () => {
  service = await Service.start();
  const bindings = { ...writerAt(service.url), adder: { type: 'http' as const, url: service.url } };
  const onRunEnd = (report: RunReport) => reports.push(report);
  gateway = await Gateway.start(
    serve([greet, add, calm, size, either, both, maybe], { config: { bindings }, onRunEnd }),
  );
});

beforeEach(() => {
  reports = [];
  service.replies(answer(200, completion('Hello, Ada.')));
});

afterAll(async () => {
  await gateway.stop();
  await service.stop();
});

async function connected(path = '/mcp', options: ClientOptions = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, options);
  await client.connect(new StreamableHTTPClientTransport(new URL(gateway.url + path)));
  return client;
}

describe.each<[string, ClientOptions]>([
  ['with a handshake', { versionNegotiation: { mode: 'legacy' } }],
  ['of requests that say all about themselves', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
])('the revision %s', (_, options) => {
  let client: Client;
  beforeAll(async () => {
    client = await connected('/mcp', options);
  });
  afterAll(() => client.close());

  test('lists every agent as a tool', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['greet', 'add', 'calm', 'size', 'either', 'both', 'maybe']);
    expect(tools[0]).toMatchObject({
      name: 'greet',
      description: 'Greets people',
      inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      outputSchema: { type: 'object', properties: { greeting: { type: 'string' } } },
      annotations: { readOnlyHint: true },
    });
    expect(tools[1]!.annotations).toEqual({ readOnlyHint: false });
  });

  test('answers a call with data and with text', async () => {
    expect(await client.callTool({ name: 'greet', arguments: { name: 'Ada' } })).toMatchObject({
      structuredContent: { greeting: 'Hello, Ada.' },
      content: [{ type: 'text', text: '{"greeting":"Hello, Ada."}' }],
    });
    expect(reports.map(({ record }) => record.graph)).toEqual(['greet']);
  });

  test('gives an input that is no object a name', async () => {
    const tree = { leaves: [{ leaves: [] }] };
    expect(await client.callTool({ name: 'size', arguments: { input: [tree, tree] } })).toMatchObject({
      content: [{ type: 'text', text: '2' }],
    });
    expect((await client.callTool({ name: 'calm', arguments: { input: 'Hi' } })).content).toEqual([
      { type: 'text', text: 'Hello, Ada.' },
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['either', { input: 'a text' }, 'a text'],
    ['either', { input: { word: 'in an object' } }, 'in an object'],
    ['maybe', { input: null }, 'nothing'],
    ['both', { word: 'one of two objects' }, 'one of two objects'],
    ['both', { number: 7 }, '7'],
  ])('can be called, whatever of several things it takes: %s %j', async (name, args, text) => {
    const { tools } = await client.listTools();
    const { required = [] } = tools.find((tool) => tool.name === name)!.inputSchema;
    expect(required).toEqual(name === 'both' ? [] : ['input']);
    expect(await client.callTool({ name, arguments: args })).toMatchObject({ content: [{ type: 'text', text }] });
  });

  test('tells the model that calls what is wrong with its arguments', async () => {
    const { isError, content } = await client.callTool({ name: 'greet', arguments: { name: 7 } });
    expect({ isError, content }).toEqual({
      isError: true,
      content: [{ type: 'text', text: expect.stringMatching(/does not match its schema: name: .*string/) }],
    });
  });

  test('tells of a run that failed, without what a service said', async () => {
    service.replies(answer(400, 'a secret'));
    const result = await client.callTool({ name: 'greet', arguments: { name: 'Ada' } });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  test('refuses a tool that is none', async () => {
    await expect(client.callTool({ name: 'nobody', arguments: {} })).rejects.toMatchObject({ code: -32_602 });
  });

  test('tells of progress while an agent runs', async () => {
    const told: string[] = [];
    const onprogress = ({ message = '' }: { readonly message?: string | undefined }) => void told.push(message);
    const result = await client.callTool({ name: 'greet', arguments: { name: 'Ada' } }, { onprogress });
    expect(result.structuredContent).toEqual({ greeting: 'Hello, Ada.' });
    expect(told).toEqual(['greeting started', 'greeting succeeded']);
  });
});

test('a client that knows both revisions takes the newer one', async () => {
  const client = await connected('/mcp', { versionNegotiation: { mode: 'auto' } });
  expect(client.getProtocolEra()).toBe('modern');
  await client.close();
});

test.each([
  ['hears of its progress', { onprogress: () => {} }],
  ['does not', {}],
])('a caller who %s and goes away ends the run and the call of the model', async (_, more) => {
  const arrived = new Promise<{ readonly closed: Promise<unknown> }>((resolve) => {
    service.replies((response) => resolve({ closed: once(response, 'close') }));
  });
  const client = await connected('/mcp', { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const abort = new AbortController();
  const options = { signal: abort.signal, ...more };
  const refused = expect(client.callTool({ name: 'calm', arguments: { input: 'Hi' } }, options)).rejects.toThrow();
  const { closed } = await arrived;
  abort.abort();
  await Promise.all([refused, closed]);
  await client.close();
});

test('an agent has a server of its own', async () => {
  const client = await connected('/agents/greet/mcp');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['greet']);
  await client.ping();
  await client.close();
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

test.each(['GET', 'DELETE'])('%s /mcp is not there: no session is kept', async (method) => {
  const { status, headers } = await fetch(`${gateway.url}/mcp`, { method });
  expect([status, headers.get('allow')]).toEqual([405, 'POST']);
});

test.each([
  ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }],
  ['an answer', { jsonrpc: '2.0', id: 1, result: {} }],
])('%s is taken without an answer', async (_, message) => {
  const response = await post(message);
  expect([response.status, await response.text()]).toEqual([202, '']);
});

test.each<[string, unknown, Record<string, string>, number, number]>([
  ['no JSON', '{', {}, 400, -32_700],
  ['a batch', [ping], {}, 400, -32_600],
  ['another protocol', { id: 1, method: 'ping' }, {}, 400, -32_600],
  ['params in a list', { ...ping, params: [] }, {}, 400, -32_600],
  ['a request without a usable id', { ...ping, id: null }, {}, 400, -32_600],
  ['a revision from nowhere', ping, { 'mcp-protocol-version': '1999-01-01' }, 400, -32_600],
  ['a revision in the header only', ping, { 'mcp-protocol-version': '2026-07-28' }, 400, -32_602],
  ['a method that is none', { ...ping, method: 'prompts/list' }, {}, 200, -32_601],
  ['a page of another site', ping, { origin: 'https://evil.example' }, 403, -32_600],
  [
    'a page that took a name for this machine',
    ping,
    { origin: 'http://evil.example:3000', host: 'evil.example:3000' },
    403,
    -32_600,
  ],
])('%s is refused in the words of the protocol', async (_, body, headers, status, code) => {
  const response = await post(body, headers);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.any(String) } });
});

const SELF_CONTAINED = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

test.each<[string, object, Record<string, string>, number]>([
  ['another method', { _meta: SELF_CONTAINED }, { 'mcp-method': 'tools/list' }, -32_020],
  ['another tool', { _meta: SELF_CONTAINED, name: 'greet' }, { 'mcp-name': 'add' }, -32_020],
  [
    'another revision',
    { _meta: { ...SELF_CONTAINED, 'io.modelcontextprotocol/protocolVersion': '2030-01-01' } },
    {},
    -32_022,
  ],
  ['no capabilities', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }, {}, -32_602],
])('a request whose headers and body say two things is refused: %s', async (_, params, headers, code) => {
  const response = await post(
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', ...headers },
  );
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ id: 1, error: { code } });
});

test('a page of this machine may call a server of this machine', async () => {
  expect((await post(ping, { origin: 'http://localhost:6274' })).status).toBe(200);
});
