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

test.each(['ada', 'bob'])('%s answers clients of OpenAI, whole and in parts', async (name) => {
  const request = { model: name, messages: [{ role: 'user' as const, content: 'hello there' }] };
  const whole = await openai.chat.completions.create(request);
  expect(whole.choices[0]!.message.content).toBe(`I am ${name}, and you said: hello there`);
  const parts: string[] = [];
  for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true })) {
    if (choices[0]?.delta.content) parts.push(choices[0].delta.content);
  }
  expect(parts.join('')).toBe(whole.choices[0]!.message.content);
  expect(parts.length).toBeGreaterThan(1);
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
