import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import { ConverseAnswerReader } from '../../../../lambda/backends/formats/converse';
import { OpenAiAnswerReader } from '../../../../lambda/backends/formats/openai-answer-reader';

const sse = (delta: object) => Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
const line = (delta: object) => Buffer.from(`${JSON.stringify({ choices: [{ index: 0, delta }] })}\n`);
const ROLE = { role: 'assistant', content: '', refusal: null, tool_calls: [] };

test.each([
  ['server-sent events', sse],
  ['lines of JSON', line],
])('OpenAI chunks as %s begin to answer with the first token, and not with the role', (_, chunk) => {
  const reader = new OpenAiAnswerReader();
  expect(reader.read(chunk(ROLE))).toBeUndefined();
  expect(reader.read(chunk({ content: 'Hello.' }))).toBe('Hello.');
  expect(reader.read(chunk({ content: '' }))).toBe('');
});

test.each([
  ['a thought', { content: null, reasoning_content: 'hm' }],
  ['a call of a tool', { tool_calls: [{ index: 0 }] }],
])('%s is a sign of life, though no text', (_, delta) => {
  expect(new OpenAiAnswerReader().read(sse(delta))).toBe('');
});

test.each([
  ['a comment', ': ping\n\n'],
  ['an event without data', 'data:\n\n'],
])('%s is none', (_, event) => {
  expect(new OpenAiAnswerReader().read(Buffer.from(event))).toBeUndefined();
});

test('Converse begins to answer with the first token, and not with the role', () => {
  const reader = new ConverseAnswerReader();
  const delta = (text: string): ConverseStreamOutput => ({
    contentBlockDelta: { delta: { text }, contentBlockIndex: 0 },
  });
  expect(reader.read({ messageStart: { role: 'assistant' } })).toBeUndefined();
  expect(reader.read(delta('Hello.'))).toBe('Hello.');
});

test('usage that comes with every chunk does not end the answer, and that which comes alone does', () => {
  const reader = new OpenAiAnswerReader();
  const usage = { prompt_tokens: 1, completion_tokens: 1 };
  const read = (choices: object[]) => reader.read(Buffer.from(`data: ${JSON.stringify({ choices, usage })}\n\n`));
  read([]);
  expect(reader.isWhole).toBe(false);
  read([{ index: 0, delta: { content: 'Hello.' }, finish_reason: 'stop' }]);
  expect(reader.isWhole).toBe(false);
  read([]);
  expect(reader.isWhole).toBe(true);
});
