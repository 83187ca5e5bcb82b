import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import OpenAI from 'openai';
import { z } from 'zod';
import { graph, model } from '../../../../core/graph';
import { type RunReport, serve } from '../../../../lambda/orchestrator';
import { answer, Service } from '../../backends/service';
import { completion, writerAt } from '../agents';
import { add, calm, chat, count, loud, shout } from '../chat-agents';
import { Gateway } from '../gateway';

let service: Service;
let gateway: Gateway;
let client: OpenAI;
let reports: RunReport[];

beforeAll(async () => {
  service = await Service.start();
  const bindings = { ...writerAt(service.url), adder: { type: 'http' as const, url: service.url } };
  const onRunEnd = (report: RunReport) => reports.push(report);
  gateway = await Gateway.start(serve([chat, shout, loud, calm, count, add], { config: { bindings }, onRunEnd }));
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
});

beforeEach(() => {
  reports = [];
  service.replies(answer(200, { ...completion('Hello, Ada.'), usage: { prompt_tokens: 7, completion_tokens: 3 } }));
});

afterAll(async () => {
  await gateway.stop();
  await service.stop();
});

const user = (content: string) => ({ role: 'user' as const, content });
const ask = (model: string, ...messages: OpenAI.ChatCompletionMessageParam[]) =>
  client.chat.completions.create({ model, messages });

/** Writes parts of an answer as a model server streams them. */
function streamed(...parts: readonly string[]) {
  return (response: ServerResponse) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of parts) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
    }
  };
}

function ended(...parts: readonly string[]) {
  return (response: ServerResponse) => {
    streamed(...parts)(response);
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const usage = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } };
    response.end(`data: ${JSON.stringify(end)}\n\ndata: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
  };
}

async function partsOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string[]> {
  const parts: string[] = [];
  for await (const { choices } of stream) if (choices[0]?.delta.content) parts.push(choices[0].delta.content);
  return parts;
}

test('every agent is a model', async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(['chat', 'shout', 'loud', 'calm', 'count', 'add']);
  expect(await client.models.retrieve('chat')).toMatchObject({ id: 'chat', object: 'model' });
});

test('each agent has a base URL of its own, with itself as the only model', async () => {
  const own = new OpenAI({ baseURL: `${gateway.url}/agents/count/v1`, apiKey: 'none', maxRetries: 0 });
  expect((await own.models.list()).data.map(({ id }) => id)).toEqual(['count']);
  const { choices } = await own.chat.completions.create({ model: 'count', messages: [user('one two')] });
  expect(choices[0]!.message.content).toBe('2 words');
  await expect(own.chat.completions.create({ model: 'chat', messages: [user('x')] })).rejects.toThrow(
    '404 no model is named "chat"; the models are: count',
  );
});

test('an answer has the text of the agent, and what the run used under its id', async () => {
  const answered = await ask('chat', { role: 'developer', content: 'Be brief.' }, user('Hi'));
  const [{ runId }] = reports as [RunReport];
  expect(answered).toEqual({
    id: `chatcmpl-${runId}`,
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'chat',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello, Ada.', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
  expect(answered._request_id).toBe(runId);
  expect(JSON.parse(service.received[0]!.body).messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ]);
});

test.each([
  ['shout', 'HELLO, ADA.'],
  ['calm', 'Hello, Ada.'],
  ['count', '4 words'],
])('what %s makes of its output is its answer', async (model, text) => {
  const { choices } = await ask(model, user('an earlier one'), user('Hi'));
  expect(choices[0]!.message.content).toBe(text);
});

test('an agent that takes one text gets what the user said last', async () => {
  await ask('shout', user('first'), { role: 'assistant', content: 'yes' }, user('last'));
  expect(JSON.parse(service.received[0]!.body).messages).toEqual([{ role: 'user', content: 'last' }]);
});

test('an agent that takes no text gets what the user says last as JSON', async () => {
  service.replies(answer(200, 5));
  const { choices } = await ask('add', user('Two numbers, please.'), user('{"a": 2, "b": 3}'));
  expect(JSON.parse(service.received[0]!.body)).toEqual([2, 3]);
  expect(choices[0]!.message.content).toBe('{"sum":5}');
});

test.each<[string, string]>([
  ['Add two and three.', 'Invalid input: expected object, received string'],
  ['{"a": 2}', 'b: Invalid input: expected number, received undefined'],
  ['{"a": 2, "b": 3, "__proto__": {}}', '__proto__ is not allowed as a key'],
])('JSON that is no input of the agent is refused: %s', async (said, fault) => {
  // The user need not have the last word.
  const messages = [user(said), { role: 'assistant' as const, content: '{"a": 2, "b": 3}' }];
  const should = 'messages must have the input of add as JSON in the last message of the user: ';
  await expectMisfit('add', messages, [should, fault]);
});

describe('an agent that is particular about its input', () => {
  const long = z.string().min(9);
  const only = { role: z.enum(['system', 'user', 'assistant']), content: long };
  const particular = [
    graph('brief', { input: z.object({ question: long }) }).output(() => 0),
    graph('terse', { input: long }).output(() => 0),
    graph('polite', { input: z.object({ messages: z.array(z.object(only)) }) }).output(() => 0),
    graph('wordy', {
      input: z.object({ words: z.number().min(9) }),
      chat: { input: ({ messages }) => ({ words: messages.length }) },
    }).output(() => 0),
  ];
  let own: Gateway;

  beforeAll(async () => {
    own = await Gateway.start(serve(particular, { config: { bindings: {} }, onRunEnd: () => {} }));
  });

  afterAll(() => own.stop());

  test.each([
    ['brief', 'question: Too small'],
    ['terse', 'Too small'],
    ['polite', 'messages[0].content: Too small'],
    ['wordy', 'words: Too small'],
  ])('names of what does not fit only what the client sent: %s', async (name, fault) => {
    const of = new OpenAI({ baseURL: `${own.url}/v1`, apiKey: 'none', maxRetries: 0 });
    await expectMisfit(name, [user('Hi')], ['messages do not fit: ', `does not match its schema: ${fault}`], of);
  });
});

/** Of no field but those of the request is anything said to programs. */
async function expectMisfit(
  name: string,
  messages: OpenAI.ChatCompletionMessageParam[],
  parts: readonly string[],
  of = client,
): Promise<void> {
  for (const stream of [false, true]) {
    const request = of.chat.completions.create({ model: name, messages, stream });
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      param: 'messages',
      code: 'invalid_value',
    });
    for (const part of parts) expect((error as Error).message).toContain(part);
  }
  expect(service.received).toEqual([]);
}

test('a bound on the tokens reaches an agent that takes it', async () => {
  await client.chat.completions.create({
    model: 'chat',
    messages: [user('Hi')],
    max_completion_tokens: 5,
    temperature: 1,
  });
  expect(JSON.parse(service.received[0]!.body)).toMatchObject({ max_tokens: 5 });
});

test('parts of the answer come while it is written', async () => {
  let response!: ServerResponse;
  service.replies((of) => {
    response = of;
    streamed('Hello')(of);
  });
  const stream = await client.chat.completions.create({ model: 'chat', messages: [user('Hi')], stream: true });
  const parts: string[] = [];
  for await (const { choices } of stream) {
    const content = choices[0]?.delta.content;
    if (content) parts.push(content);
    // The rest is written only once the beginning is there.
    if (content === 'Hello') ended(', ', 'Ada.')(response);
  }
  expect(parts.join('')).toBe('Hello, Ada.');
  expect(parts[0]).toBe('Hello');
});

test('a stream says who speaks, why it ends and, if asked, what the run used', async () => {
  service.replies(ended('Hello', ', Ada.'));
  const stream = await client.chat.completions.create({
    model: 'chat',
    messages: [user('Hi')],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const [{ runId }] = reports as [RunReport];
  for (const { id, object, model } of chunks) {
    expect({ id, object, model }).toEqual({ id: `chatcmpl-${runId}`, object: 'chat.completion.chunk', model: 'chat' });
  }
  expect(chunks[0]!.choices).toEqual([
    { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
  ]);
  expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual(Array(chunks.length - 1).fill(null));
  expect(chunks.at(-2)!.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
});

test.each([
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
  ['a word of its own', 'stop'],
])('an answer that its model ended because of %s says so, whole and streamed', async (said, told) => {
  const choices = [{ index: 0, message: { content: 'Hel' }, finish_reason: said }];
  service.replies(answer(200, { ...completion(''), choices }));
  expect((await ask('chat', user('Hi'))).choices[0]!.finish_reason).toBe(told);
  service.replies((response) => {
    streamed('Hel')(response);
    const end = { choices: [{ index: 0, delta: {}, finish_reason: said }] };
    response.end(`data: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`);
  });
  const stream = await client.chat.completions.create({ model: 'chat', messages: [user('Hi')], stream: true });
  const reasons: (string | null | undefined)[] = [];
  for await (const chunk of stream) reasons.push(chunk.choices[0]?.finish_reason);
  expect(reasons.at(-1)).toBe(told);
});

test('a whole answer is asked for as one, and tried again where it broke off', async () => {
  const sturdy = graph('sturdy', { input: z.string(), chat: { text: 'answer' }, retry: { attempts: 2, baseMs: 1 } })
    .node('answer', { call: model('writer'), input: ({ input }) => input, stream: true })
    .output(({ answer: { text } }) => ({ letters: text.length }));
  const served = serve(sturdy, {
    config: { bindings: writerAt(service.url) },
    onRunEnd: (report) => reports.push(report),
  });
  const own = await Gateway.start(served);
  service.replies((...call) => {
    if (service.received.length > 1) answer(200, completion('Hello, Ada.'))(...call);
    else call[0].destroy();
  });
  const { chat: chats } = new OpenAI({ baseURL: `${own.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const { choices } = await chats.completions.create({ model: 'sturdy', messages: [user('Hi')] });
  await own.stop();
  expect(choices[0]!.message.content).toBe('Hello, Ada.');
  expect(service.received.map(({ body }) => JSON.parse(body).stream)).toEqual([undefined, undefined]);
  expect(reports).toMatchObject([{ record: { status: 'succeeded' } }]);
  expect(reports[0]).not.toHaveProperty('firstTextMs');
});

test.each([false, true])('what stands in for a node that failed is its text (stream: %s)', async (stream) => {
  const apology = { text: 'I cannot say.', finishReason: 'stop' };
  const sorry = graph('sorry', { input: z.string(), chat: { text: 'answer' }, retry: { attempts: 1 } })
    .node('answer', { call: model('writer'), input: ({ input }) => input, stream: true, default: apology })
    .output(({ answer: { text } }) => ({ letters: text.length }));
  const own = await Gateway.start(serve(sorry, { config: { bindings: writerAt(service.url) }, onRunEnd: () => {} }));
  service.replies(answer(400, ''));
  const { chat: chats } = new OpenAI({ baseURL: `${own.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const asked = { model: 'sorry', messages: [user('Hi')] };
  const said = stream
    ? await chats.completions.stream(asked).finalContent()
    : (await chats.completions.create(asked)).choices[0]!.message.content;
  await own.stop();
  expect(said).toBe('I cannot say.');
});

test('the helper of the client that gathers a stream gives the whole answer', async () => {
  service.replies(ended('Hello', ', Ada.'));
  const runner = client.chat.completions.stream({ model: 'chat', messages: [user('Hi')] });
  expect(await runner.finalContent()).toBe('Hello, Ada.');
});

test('an answer that is made of the output comes in one piece, whatever streams', async () => {
  service.replies(ended('Hello', ', Ada.'));
  const stream = await client.chat.completions.create({ model: 'shout', messages: [user('Hi')], stream: true });
  expect(await partsOf(stream)).toEqual(['HELLO, ADA.']);
});

test('what a function makes of the text of a model is the answer, and comes while both write', async () => {
  let response!: ServerResponse;
  service.replies((of) => {
    response = of;
    streamed('Hello')(of);
  });
  const stream = await client.chat.completions.create({ model: 'loud', messages: [user('Hi')], stream: true });
  const parts: string[] = [];
  for await (const { choices } of stream) {
    const content = choices[0]?.delta.content;
    if (content) parts.push(content);
    if (content === 'HELLO') ended(', ', 'Ada.')(response);
  }
  expect(parts[0]).toBe('HELLO');
  expect(parts.join('')).toBe('HELLO, ADA.');
  service.replies(ended('Hello', ', Ada.'));
  expect((await ask('loud', user('Hi'))).choices[0]!.message.content).toBe('HELLO, ADA.');
});

test('a function that fails in the middle of the answer ends it with an error', async () => {
  let response!: ServerResponse;
  service.replies((of) => {
    response = of;
    streamed('Hello')(of);
  });
  const stream = await client.chat.completions.create({ model: 'loud', messages: [user('Hi')], stream: true });
  const reading = (async () => {
    for await (const { choices } of stream) if (choices[0]?.delta.content === 'HELLO') ended(', who?')(response);
  })();
  await expect(reading).rejects.toMatchObject({ type: 'server_error', code: 'agent-fault' });
});

test('an agent that does without its writer answers what it says then', async () => {
  service.replies(answer(400, ''));
  const stream = await client.chat.completions.create({ model: 'calm', messages: [user('Hi')], stream: true });
  expect(await partsOf(stream)).toEqual(['I cannot say.']);
});

test.each(['chat', 'calm'])('a stream of %s that breaks off is an error, never another text', async (model) => {
  service.replies((response) => {
    streamed('Hel')(response);
    setImmediate(() => response.destroy());
  });
  const stream = await client.chat.completions.create({ model, messages: [user('Hi')], stream: true });
  await expect(partsOf(stream)).rejects.toMatchObject({ type: 'server_error', code: 'component-failed' });
  expect(reports[0]!.record.status).toBe('failed');
});

test('a caller who goes away ends the run and the call of the model', async () => {
  let closed!: Promise<unknown>;
  service.replies((response) => {
    closed = once(response, 'close');
    streamed('Hello')(response);
  });
  const stream = await client.chat.completions.create({ model: 'chat', messages: [user('Hi')], stream: true });
  for await (const { choices } of stream) if (choices[0]?.delta.content) stream.controller.abort();
  await closed;
});

describe('errors are the errors of the client', () => {
  test('a model that is none', async () => {
    const error = await ask('nobody', user('Hi')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, type: 'invalid_request_error', code: 'not-found' });
    await expect(client.models.retrieve('nobody')).rejects.toThrow(OpenAI.NotFoundError);
  });

  test.each<[string, object, string]>([
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools is nothing that agents take'],
    ['n', { n: 2 }, 'n must be 1: a run has one answer'],
    ['response_format', { response_format: { type: 'json_object' } }, 'response_format must be of the type "text"'],
    ['logprobs', { logprobs: true }, 'logprobs is nothing that agents have'],
    ['stop', { stop: ['.'] }, 'stop is nothing that this agent takes: leave it out'],
    ['messages', { messages: [] }, 'messages must be a list of one or more messages'],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      'messages[0].content[0] must be a text',
    ],
  ])('a field that agents do not take: %s', async (param, fields, message) => {
    const request = { model: 'shout', messages: [user('Hi')], ...fields };
    const error = await client.chat.completions.create(request as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, param, message: expect.stringContaining(message) });
    expect(service.received).toEqual([]);
  });

  test('a conversation in which the user says nothing', async () => {
    await expect(ask('shout', { role: 'system', content: 'x' })).rejects.toMatchObject({
      status: 400,
      param: 'messages',
    });
  });

  describe.each([
    ['a whole answer', false],
    ['a stream', true],
  ])('before %s', (_, stream) => {
    const refused = (of = client) =>
      of.chat.completions
        .create({ model: 'chat', messages: [user('Hi')], stream })
        .then(() => undefined)
        .catch((thrown: unknown) => thrown);

    test('a component that fails', async () => {
      service.replies(answer(400, 'a secret'));
      const error = await refused();
      expect(error).toBeInstanceOf(OpenAI.InternalServerError);
      expect(error).toMatchObject({ status: 500, type: 'server_error', code: 'agent-fault' });
      expect(String(error)).not.toContain('secret');
    });

    test('what would fail again is not tried again', async () => {
      const eager = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 2 });
      service.replies(answer(400, ''));
      expect(await refused(eager)).toMatchObject({ status: 500 });
      expect(service.received).toHaveLength(1);
    });

    test('what may be tried again says when', async () => {
      service.replies((response) => response.writeHead(429, { 'retry-after': '3' }).end());
      const error = await refused();
      expect(error).toBeInstanceOf(OpenAI.RateLimitError);
      const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>;
      expect([headers?.get('x-should-retry'), headers?.get('retry-after')]).toEqual(['true', '3']);
      expect(error).toMatchObject({ error: { retry_after_seconds: 3 } });
    });
  });

  test.each([
    ['POST', '/responses'],
    ['POST', '/embeddings'],
    ['GET', '/fine_tuning/jobs'],
  ])('what is not there: %s %s', async (method, path) => {
    const response = await fetch(`${gateway.url}/agents/chat/v1${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: {
        message: `${method} ${path} is not there; there are GET /models, GET /models/{model}, POST /chat/completions`,
        type: 'invalid_request_error',
        param: null,
        code: 'not-found',
      },
    });
  });

  test.each([
    ['GET', '/chat/completions', '/chat/completions', 'POST'],
    ['POST', '/models', '/models', 'GET'],
    ['DELETE', '/models/chat', '/models/{model}', 'GET'],
  ])('what is there for another method: %s %s', async (method, path, shown, allowed) => {
    const response = await fetch(`${gateway.url}/agents/chat/v1${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect(await response.json()).toEqual({
      error: {
        message: `${shown} takes ${allowed} only, got: ${method}`,
        type: 'invalid_request_error',
        param: null,
        code: 'method-not-allowed',
      },
    });
  });
});
