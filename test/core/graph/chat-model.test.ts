import { z } from 'zod';
import { type ChatRequest, type GraphError, graph, model, type Schema } from '../../../core/graph';
import { chatModelOf } from '../../../core/graph/chat-model';

const agent = (input: Schema, output?: Schema, chat?: object) =>
  graph('agent', { input, ...(output && { output }), ...(chat && { chat }) })
    .compute('n', [], () => 1)
    .output(() => undefined as never);
const modelOf = (input: Schema, output?: Schema) => chatModelOf(agent(input, output).definition);

const request: ChatRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'first' },
    { role: 'user', content: 'last' },
    { role: 'assistant', content: 'Yes?' },
  ],
  maxTokens: 5,
  temperature: 0,
};
const { messages } = request;
const Message = z.object({ role: z.string(), content: z.string() });

test.each<[string, Schema, unknown]>([
  ['a conversation', z.object({ messages: z.array(Message) }), { messages }],
  ['a conversation of anything', z.object({ messages: z.array(z.any()) }), { messages }],
  ['a conversation that may be missing', z.object({ messages: z.array(Message).optional() }), { messages }],
  [
    'a conversation and a bound',
    z.object({ messages: z.array(Message), maxTokens: z.int().optional(), tone: z.string().optional() }),
    { messages, maxTokens: 5 },
  ],
  ['a text', z.string(), 'last'],
  ['one text', z.object({ question: z.string().min(1), top: z.int().optional() }), { question: 'last' }],
])('an agent that takes %s gets it of the conversation', (_, input, expected) => {
  expect(modelOf(input).input(request)).toEqual(expected);
});

test.each<[string, Schema]>([
  ['a number', z.number()],
  ['two texts', z.object({ a: z.string(), b: z.string() })],
  ['a text and a number', z.object({ a: z.string(), b: z.number() })],
  ['nothing that it needs', z.object({ a: z.string().optional() })],
  ['messages that are a text', z.object({ messages: z.number() })],
  ['messages of another kind', z.object({ messages: z.array(z.object({ from: z.string() })) })],
  ['messages with more than a chat has', z.object({ messages: z.array(Message.extend({ at: z.number() })) })],
  ['a conversation and more', z.object({ messages: z.array(Message), user: z.string() })],
  ['what JSON Schema has no words for', z.custom()],
])('an agent that takes %s gets what the user says last as JSON, and what is none as it is', (_, input) => {
  const { input: inputFor, readsJson, takes } = modelOf(input);
  const said = (content: string) => inputFor({ messages: [{ role: 'user', content }] });
  expect({ readsJson, takes: takes.size }).toEqual({ readsJson: true, takes: 0 });
  expect([said('{"a":"x","b":[1]}'), said('7'), said('a text')]).toEqual([{ a: 'x', b: [1] }, 7, 'a text']);
});

test('an agent that takes one text has no use for a conversation without a user', () => {
  const silent = { messages: [{ role: 'system' as const, content: 'x' }] };
  expect(() => modelOf(z.string()).input(silent)).toThrow('has no message of the role user');
});

test.each<[string, Schema | undefined, unknown, string]>([
  ['a text', undefined, 'yes', 'yes'],
  ['an object with one text', undefined, { answer: 'yes', sources: [] }, 'yes'],
  ['an object with two texts', undefined, { a: 'x', b: 'y' }, '{"a":"x","b":"y"}'],
  ['a list', undefined, ['yes'], '["yes"]'],
  ['nothing', undefined, undefined, ''],
  [
    'an object whose schema has one text',
    z.object({ answer: z.string(), n: z.any() }),
    { answer: 'yes', n: 'x' },
    'yes',
  ],
  [
    'an object whose schema has two texts, of which one is missing',
    z.object({ answer: z.string(), note: z.string().optional() }),
    { answer: 'yes' },
    '{"answer":"yes"}',
  ],
])('the answer of %s', (_, output, value, text) => {
  expect(modelOf(z.string(), output).text(value)).toBe(text);
});

test('an author can say both, and then the agent takes all of a request', () => {
  const chat = { input: ({ temperature }: ChatRequest) => temperature, text: (output: number) => `${output}!` };
  const own = chatModelOf(agent(z.number(), z.number(), chat).definition);
  expect([own.input(request), own.text(7), [...own.takes]]).toEqual([0, '7!', ['maxTokens', 'temperature', 'stop']]);
});

describe('a definition is refused', () => {
  const faultsOf = (chat: object, input: Schema) => {
    try {
      graph('agent', { input, chat })
        .node('draft', { call: model('writer'), input: () => 'x' })
        .output(({ draft }) => draft.text);
    } catch (error) {
      return (error as GraphError).faults.map(({ path, message }) => `${path}: ${message}`);
    }
    return [];
  };
  const unreadable = (id: string) =>
    `chat.text: "${id}" is no node whose text callers can read: give it \`stream: true\``;

  test.each<[string, object, Schema, string]>([
    ['whose answer is the text of no node', { text: 'answer' }, z.string(), unreadable('answer')],
    ['whose answer is the text of a node that does not stream', { text: 'draft' }, z.string(), unreadable('draft')],
    ['whose answer is a number', { text: 7 }, z.string(), 'chat.text: must be a function, or the id of a node, got: 7'],
    ['with another option', { stream: true }, z.string(), 'chat.stream: is no option here (options: input, text)'],
  ])('%s', (_, chat, input, fault) => {
    expect(faultsOf(chat, input)).toEqual([fault]);
  });
});
