import { z } from 'zod';
import { type ChatInput, type Component, graph, model, retriever, streamOf, tool } from '../../../../core/graph';
import { serve } from '../../../../lambda/orchestrator';
import { answer, type Reply, Service, useAws } from '../../backends/service';
import { run } from '../../orchestrator/event';
import { OutputOfProcess } from '../output';
import { RecordedSpans } from './recorded-spans';

const Text = z.object({ text: z.string() });
const writer = model('writer');
const converser = model('converser', { format: 'converse' });
const search = tool('search', { input: Text, output: Text });
const passages = retriever('passages', { input: Text, output: z.array(z.string()) });
const ranker = model('ranker', { format: 'json', input: Text, output: z.array(z.number()) });

const completion = (content: string) => ({ choices: [{ message: { content }, finish_reason: 'stop' }] });
const turn = (text: string) => ({
  output: { message: { role: 'assistant', content: [{ text }] } },
  stopReason: 'max_tokens',
});

let service: Service;
const spans = new RecordedSpans();

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME');
});

afterAll(() => service.stop());

beforeEach(() => {
  spans.forget();
  spans.register();
});

afterEach(() => spans.unregister());

interface Asked {
  readonly traceContents?: readonly string[];
  /** Makes the only call of the run. */
  readonly call: Component;
  readonly input: unknown;
  readonly reply: Reply;
}

/** The answer of a run of one call, without anything written of it. */
async function ask({ traceContents, call, input, reply }: Asked) {
  service.replies(reply);
  const agent = graph('agent', { input: z.object({}), retry: { baseMs: 1 }, ...(traceContents && { traceContents }) })
    .node('answer', { call, input: () => input })
    .output(({ answer }) => answer);
  const binding =
    call.format === 'converse'
      ? ({ type: 'bedrock', modelId: 'nova' } as const)
      : ({ type: 'http', url: service.url, model: 'nova' } as const);
  return run(serve(agent, { config: { bindings: { [call.name]: binding } }, onRunEnd: () => {} }), 'agent', {});
}

/** The contents of a span, read as JSON. */
function contentsOf(span: string, at = 0): Record<string, unknown> {
  const names = /^(gen_ai\.(input|output|system|tool\.call)[._]|compound\.(input|output|contents))/;
  const contents = Object.entries(spans.allNamed(span)[at]!.attributes).filter(([name]) => names.test(name));
  return Object.fromEntries(
    contents.map(([name, value]) => [name, typeof value === 'string' ? JSON.parse(value) : value]),
  );
}

const said = (content: string) => [{ type: 'text', content }];
const chat: ChatInput = {
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi' },
  ],
};

describe('a span of a component that was asked for', () => {
  test('has the messages of a chat', async () => {
    const reply = answer(200, completion('Hello.'));
    await ask({ traceContents: ['writer'], call: writer, input: chat, reply });
    expect(contentsOf('chat nova')).toEqual({
      'gen_ai.input.messages': [
        { role: 'system', parts: said('Be kind.') },
        { role: 'user', parts: said('Hi') },
      ],
      'gen_ai.output.messages': [{ role: 'assistant', parts: said('Hello.'), finish_reason: 'stop' }],
    });
  });

  test('has the instructions apart where the service takes them apart', async () => {
    await ask({ traceContents: ['converser'], call: converser, input: chat, reply: answer(200, turn('Hello')) });
    expect(contentsOf('chat nova')).toEqual({
      'gen_ai.system_instructions': said('Be kind.'),
      'gen_ai.input.messages': [{ role: 'user', parts: said('Hi') }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: said('Hello'), finish_reason: 'length' }],
    });
  });

  test('has a text alone as what the user says', async () => {
    await ask({ traceContents: ['converser'], call: converser, input: 'Hi', reply: answer(200, turn('Hello')) });
    expect(contentsOf('chat nova')).toMatchObject({ 'gen_ai.input.messages': [{ role: 'user', parts: said('Hi') }] });
    expect(contentsOf('chat nova')).not.toHaveProperty(['gen_ai.system_instructions']);
  });

  test.each<[string, string, Component, unknown, Record<string, unknown>]>([
    [
      'what a tool takes and gives',
      'execute_tool search',
      search,
      { text: 'found' },
      { 'gen_ai.tool.call.arguments': { text: 'Hi' }, 'gen_ai.tool.call.result': { text: 'found' } },
    ],
    [
      'what a retriever takes and gives',
      'retrieval passages',
      passages,
      ['one', 'two'],
      { 'compound.input': { text: 'Hi' }, 'compound.output': ['one', 'two'] },
    ],
    [
      'what a model that is no chat takes and gives',
      'generate_content nova',
      ranker,
      [0.5, 1],
      { 'compound.input': { text: 'Hi' }, 'compound.output': [0.5, 1] },
    ],
  ])('has %s', async (_, span, call, found, contents) => {
    await ask({ traceContents: [call.name], call, input: { text: 'Hi' }, reply: answer(200, found) });
    expect(contentsOf(span)).toEqual(contents);
  });

  test('has the whole of an answer that came in parts', async () => {
    const parts = [{ delta: { content: 'Hel' } }, { delta: { content: 'lo.' } }, { delta: {}, finish_reason: 'stop' }];
    const events = parts.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`).join('');
    service.replies(answer(200, `${events}data: [DONE]\n\n`, { 'content-type': 'text/event-stream' }));
    const agent = graph('agent', { input: z.object({}), traceContents: ['writer'] })
      .node('answer', { call: writer, input: () => 'Hi', stream: true })
      .compute('parts', [streamOf('answer')], ({ answer }) => answer, { stream: true })
      .output(({ parts }) => parts);
    const config = { bindings: { writer: { type: 'http', url: service.url, model: 'nova' } } } as const;
    const { body } = await run(serve(agent, { config, onRunEnd: () => {} }), 'agent', {});
    expect(body.output.join('')).toBe('Hello.');
    const answered = [{ role: 'assistant', parts: said('Hello.'), finish_reason: 'stop' }];
    expect(contentsOf('chat nova')['gen_ai.output.messages']).toEqual(answered);
  });

  test('has only what was asked if the try failed', async () => {
    const replies = [answer(503, completion('SECRET')), answer(200, completion('Hello.'))];
    const reply: Reply = (response, received) => replies.shift()!(response, received);
    await ask({ traceContents: ['writer'], call: writer, input: 'Hi', reply });
    expect(Object.keys(contentsOf('chat nova'))).toEqual(['gen_ai.input.messages']);
    expect(Object.keys(contentsOf('chat nova', 1))).toEqual(['gen_ai.input.messages', 'gen_ai.output.messages']);
    expect(spans.text).not.toContain('SECRET');
  });

  test('never says more than X-Ray takes, whatever was said', async () => {
    const text = '"\u0001\n\ud83d\ude00'.repeat(4_000);
    const input = { messages: [{ role: 'system', content: text }, ...Array(99).fill({ role: 'user', content: text })] };
    const { status, body } = await ask({
      traceContents: ['converser'],
      call: converser,
      input,
      reply: answer(200, turn(text)),
    });
    expect([status, body.output.text]).toEqual([200, text]);
    expect(Buffer.byteLength(spans.text)).toBeLessThan(64_000);
    expect(contentsOf('chat nova')['compound.contents_cut']).toBe(true);
    expect(contentsOf('chat nova')['gen_ai.input.messages']).toHaveLength(50);
    const [message] = contentsOf('chat nova')['gen_ai.output.messages'] as [{ parts: [{ content: string }] }];
    expect(message.parts[0].content).toMatch(/… \(\d+ more characters\)$/);
  });

  test('does not fail a run over what cannot be read', async () => {
    const input = {
      toJSON: () => {
        throw new Error('not for the eyes of others');
      },
    };
    const odd = model('odd', { format: { encode: () => 'x', decode: () => 'y' } });
    const { status } = await ask({ traceContents: ['odd'], call: odd, input, reply: answer(200, {}) });
    expect(status).toBe(200);
    expect(contentsOf('generate_content nova')).toEqual({ 'compound.output': 'y' });
  });
});

describe('contents that nobody asked for', () => {
  /** Of a run in which every word is a secret. */
  const runEssay = (traceContents?: readonly string[], onRunEnd?: () => void) => {
    service.replies((response, received) => {
      const isWriter = received.path.startsWith('/writer');
      answer(200, isWriter ? completion('SECRET') : { text: 'SECRET' })(response, received);
    });
    const essay = graph('essay', { input: Text, output: Text, ...(traceContents && { traceContents }) })
      .node('facts', { call: search, input: ({ input }) => input })
      .node('essay', ['facts'], { call: writer, input: ({ facts }) => facts.text })
      .output(({ essay }) => ({ text: essay.text }));
    const bindings = {
      writer: { type: 'http', url: `${service.url}/writer` },
      search: { type: 'http', url: `${service.url}/search` },
    } as const;
    return run(serve(essay, { config: { bindings }, ...(onRunEnd && { onRunEnd }) }), 'essay', { text: 'SECRET' });
  };

  test.each([[undefined], [[]]])('are in no span, if those of %j were asked for', async (traceContents) => {
    const { status } = await runEssay(traceContents, () => {});
    expect([status, spans.all.length]).toEqual([200, 5]);
    expect(spans.text).not.toContain('SECRET');
  });

  test('are in no span of another component, nor in those of the node and the run', async () => {
    await runEssay(['search'], () => {});
    const telling = spans.all.filter(({ attributes }) => JSON.stringify(attributes).includes('SECRET'));
    expect(telling.map(({ name }) => name)).toEqual(['execute_tool search']);
  });

  test('are neither in logs nor in metrics nor in records, though they are in spans', async () => {
    const output = new OutputOfProcess();
    await runEssay(['search', 'writer']);
    output.restore();
    expect(spans.text).toContain('SECRET');
    expect(output.text).toContain('run record');
    expect(output.text).not.toContain('SECRET');
  });

  test('are not even read, nor are any without a provider of spans', async () => {
    let reads = 0;
    const odd = model('odd', { format: { encode: () => 'x', decode: () => 'y' } });
    const asked = { call: odd, input: { toJSON: () => ++reads }, reply: answer(200, {}) };
    await ask({ traceContents: ['odd'], ...asked });
    expect(reads).toBeGreaterThan(0);
    reads = 0;
    await ask(asked);
    spans.unregister();
    await ask({ traceContents: ['odd'], ...asked });
    expect(reads).toBe(0);
  });
});
