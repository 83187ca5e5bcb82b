import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import OpenAI from 'openai';
import * as z from 'zod';
import { graph, model } from '../../core/graph';
import { importedModel8b, type LocalStack, localSystem, startLocalStack } from '../../local';

const WARM = { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } };

/** An agent whose model runs on an imported model of its own, and says who it is. */
const agent = (name: string) =>
  localSystem({
    graph: graph(name, { input: z.object({ question: z.string() }), chat: { text: 'said' } })
      .node('said', { call: model('writer'), input: ({ input }) => input.question, stream: true })
      .output(({ said }) => ({ said: said.text })),
    example: { question: 'Who are you?' },
    components: {
      writer: {
        kind: 'chat-model',
        backend: { type: 'bedrock', modelId: name },
        brain: ({ messages }) => `I am ${name}, and you said: ${messages.at(-1)?.content}`,
        behaviour: WARM,
      },
    },
  });

let stack: LocalStack;
let openai: OpenAI;
beforeAll(async () => {
  stack = await startLocalStack({ systems: [agent('ada'), agent('bob')], speed: 1_000, onRunEnd: () => {} });
  openai = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => stack.close());

test('the agents of a stack are the models of one base URL', async () => {
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['ada', 'bob']);
  await expect(openai.models.retrieve('cem')).rejects.toThrow('404 no model is named "cem"; the models are: ada, bob');
});

test.each(['ada', 'bob'])('%s answers clients of OpenAI the same, whole and streamed', async (name) => {
  const request = { model: name, messages: [{ role: 'user' as const, content: 'hello there' }] };
  const whole = await openai.chat.completions.create(request);
  expect(whole.choices[0]!.message.content).toBe(`I am ${name}, and you said: hello there`);
  const parts: string[] = [];
  for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true })) {
    if (choices[0]?.delta.content) parts.push(choices[0].delta.content);
  }
  expect(parts.join('')).toBe(whole.choices[0]!.message.content);
});

test('the agents of a stack are the tools of one server', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${stack.url}/mcp`)));
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['ada', 'bob']);
  for (const name of ['ada', 'bob']) {
    expect(await client.callTool({ name, arguments: { question: 'hello' } })).toMatchObject({
      structuredContent: { said: `I am ${name}, and you said: hello` },
    });
  }
  await expect(client.callTool({ name: 'cem', arguments: {} })).rejects.toThrow('params.name must be one of ada, bob');
  await client.close();
});

test.each([
  ['/v1/chat/completions', '{'],
  ['/mcp', '{'],
  ['/v1/chat/completions', 'null'],
  ['/mcp', '{"params":null}'],
])('a body that says nothing of an agent is refused: POST %s %s', async (path, body) => {
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(stack.url + path, { method: 'POST', headers, body })).status).toBe(400);
});

describe.each([
  ['runs', 'POST', '/agents/ada/runs', '{"question":"Who are you?"}'],
  ['clients of OpenAI', 'GET', '/v1/models', undefined],
  ['clients of MCP', 'POST', '/mcp', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
  ['clients of AWS', 'POST', '/model/ada/invoke', '{"messages":[{"role":"user","content":"hello"}]}'],
])('the door for %s', (_, method, path, body) => {
  /** Not by `fetch`, which says itself which host it means. */
  const call = (headers: Record<string, string>) =>
    new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
      const sent = { 'content-type': 'application/json', ...headers };
      const asking = request(stack.url + path, { method, headers: sent }, (response) => {
        const { statusCode: status } = response;
        text(response).then((said) => resolve({ status, text: said }), reject);
      });
      asking.on('error', reject).end(body);
    });

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { host: 'evil.example:4100' },
    { origin: 'http://evil.example:4100', host: 'evil.example:4100' },
  ])('is closed to pages of other sites, also to those that took a name for this machine: %j', async (headers) => {
    const response = await call(headers);
    expect(response.status).toBe(403);
    expect(JSON.parse(response.text)).toMatchObject({ status: 403, detail: expect.stringContaining('this machine') });
  });

  test.each<Record<string, string>>([
    {},
    { origin: 'http://localhost:6274' },
    { host: 'localhost:4100' },
    { host: '[::1]:4100' },
  ])('is open to this machine: %j', async (headers) => {
    expect((await call(headers)).status).toBe(200);
  });

  test('is open to who speaks HTTP/1.0, and so need not say whom it calls', async () => {
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
    const length = body ? `content-type: application/json\r\ncontent-length: ${body.length}\r\n` : '';
    socket.write(`${method} ${path} HTTP/1.0\r\n${length}\r\n${body ?? ''}`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
