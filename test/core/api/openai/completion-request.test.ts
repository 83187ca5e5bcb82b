import { readCompletionRequest } from '../../../../core/api/openai/completion-request';
import { RequestFault } from '../../../../core/api/openai/request-fault';

const user = { role: 'user', content: 'Hi' };
const read = (fields: object) => readCompletionRequest({ model: 'agent', messages: [user], ...fields });
const faultOf = (body: unknown) => {
  try {
    readCompletionRequest(body);
  } catch (error) {
    if (error instanceof RequestFault) return error;
    throw error;
  }
  return undefined;
};

test('a request says which agent goes on with which conversation', () => {
  expect(read({})).toEqual({ model: 'agent', chat: { messages: [user] }, stream: false, includeUsage: false });
});

test.each<[string, object, object]>([
  ['a bound on the tokens', { max_tokens: 5 }, { maxTokens: 5 }],
  ['a bound in its newer word, which counts', { max_tokens: 5, max_completion_tokens: 7 }, { maxTokens: 7 }],
  ['a temperature', { temperature: 0 }, { temperature: 0 }],
  ['one word that ends it', { stop: '.' }, { stop: ['.'] }],
  ['several words that end it', { stop: ['.', '!'] }, { stop: ['.', '!'] }],
  ['null for what is left out', { stop: null, max_tokens: null, temperature: null, tools: null, n: null }, {}],
])('%s is read', (_, fields, expected) => {
  expect(read(fields).chat).toEqual({ messages: [user], ...expected });
});

test.each<[string, object, object]>([
  ['a developer, who is a system', { role: 'developer', content: 'x' }, { role: 'system', content: 'x' }],
  [
    'parts of a text, one a line',
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    { role: 'user', content: 'a\nb' },
  ],
  ['what only other clients know', { role: 'user', content: 'x', name: 'Ada' }, { role: 'user', content: 'x' }],
])('a message may be of %s', (_, message, expected) => {
  expect(read({ messages: [message] }).chat.messages).toEqual([expected]);
});

test.each([
  { tools: [], functions: [], n: 1, logprobs: false, top_logprobs: 0, logit_bias: {} },
  { response_format: { type: 'text' }, modalities: ['text'], tool_choice: 'auto', function_call: 'none' },
  { messages: [user, { role: 'assistant', content: 'x', tool_calls: [] }, user], stream: null },
  { temperature: 1, top_p: 0.5, seed: 1, presence_penalty: 1, user: 'u', metadata: { a: 'b' }, store: true },
])('what asks for nothing that agents cannot give has no effect: %j', (fields) => {
  expect(() => read(fields)).not.toThrow();
});

test('the use of a stream is told if it is asked for, and only of a stream', () => {
  const stream_options = { include_usage: true };
  expect(read({ stream: true, stream_options })).toMatchObject({ stream: true, includeUsage: true });
  expect(read({ stream: false, stream_options })).toMatchObject({ stream: false, includeUsage: false });
});

test.each<[unknown, string, string]>([
  [null, 'body', 'invalid_value'],
  [[], 'body', 'invalid_value'],
  [{ messages: [user] }, 'model', 'missing_required_parameter'],
  [{ model: 'a' }, 'messages', 'missing_required_parameter'],
  [{ model: 'a', messages: ['Hi'] }, 'messages[0]', 'invalid_value'],
  [{ model: 'a', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role', 'unsupported_value'],
  [{ model: 'a', messages: [{ role: 'toString', content: 'x' }] }, 'messages[0].role', 'unsupported_value'],
  [
    { model: 'a', messages: [{ role: 'assistant', content: null, tool_calls: [{}] }] },
    'messages[0].tool_calls',
    'unsupported_value',
  ],
  [{ model: 'a', messages: [{ role: 'user', content: null }] }, 'messages[0].content', 'invalid_value'],
  [
    { model: 'a', messages: [user, { role: 'user', content: [{ type: 'image_url' }] }] },
    'messages[1].content[0]',
    'unsupported_value',
  ],
  [{ model: 'a', messages: [user], max_tokens: '5' }, 'max_tokens', 'invalid_value'],
  [{ model: 'a', messages: [user], max_tokens: -1 }, 'max_tokens', 'invalid_value'],
  [{ model: 'a', messages: [user], max_completion_tokens: 1.5 }, 'max_completion_tokens', 'invalid_value'],
  [{ model: 'a', messages: [user], temperature: -1 }, 'temperature', 'invalid_value'],
  [{ model: 'a', messages: [user], stream: 'true' }, 'stream', 'invalid_value'],
  [{ model: 'a', messages: [user], tool_choice: 'required' }, 'tool_choice', 'unsupported_parameter'],
  [{ model: 'a', messages: [user], function_call: { name: 'f' } }, 'function_call', 'unsupported_parameter'],
  [{ model: 'a', messages: [user], stop: [1] }, 'stop', 'invalid_value'],
  [{ model: 'a', messages: [user], stream_options: 1 }, 'stream_options', 'invalid_value'],
  [{ model: 'a', messages: [user], modalities: ['text', 'audio'] }, 'modalities', 'unsupported_parameter'],
  [{ model: 'a', messages: [user], web_search_options: {} }, 'web_search_options', 'unsupported_parameter'],
  [
    { model: 'a', messages: [user], response_format: { type: 'json_schema' } },
    'response_format',
    'unsupported_parameter',
  ],
])('%j is refused for its %s', (body, param, code) => {
  expect(faultOf(body)).toMatchObject({ param, code, message: expect.stringContaining(param) });
});

test('a refusal quotes nothing that was said', () => {
  const secret = { model: 'a', messages: [{ role: 'secret', content: 'secret' }], n: 'secret' };
  expect(faultOf(secret)!.message).not.toContain('secret');
});
