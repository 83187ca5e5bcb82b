import type { ChatAnswer, ChatMessage, ChatRequest, TokenUsage } from '../../core/graph/chat';
import { isRecord } from './http';
import { InvalidInputError, listOf, optionalCount, optionalNumber, textOfParts } from './read-json';

/** Reads an OpenAI chat completion request, as vLLM and Bedrock's imported models take it. */
export function readChatCompletion(body: unknown): ChatRequest {
  if (!isRecord(body)) throw new InvalidInputError('the body must be a JSON object');
  if (body.stream === true) throw new InvalidInputError('stream is not supported by this operation');

  const messages = listOf(body.messages, 'messages').map((message, i) => readMessage(message, `messages[${i}]`));
  if (messages.length === 0) throw new InvalidInputError('messages must not be empty');
  const maxTokens = optionalCount(body.max_completion_tokens ?? body.max_tokens, 'max_tokens');
  const temperature = optionalNumber(body.temperature, 'temperature');
  const stop = typeof body.stop === 'string' ? [body.stop] : listOf(body.stop ?? [], 'stop').map(String);
  return {
    messages,
    stop,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
}

function readMessage(message: unknown, path: string): ChatMessage {
  if (!isRecord(message)) throw new InvalidInputError(`${path} must be an object`);
  const { role, content } = message;
  if (role !== 'system' && role !== 'user' && role !== 'assistant') {
    throw new InvalidInputError(`${path}.role must be system, user or assistant, got: ${JSON.stringify(role)}`);
  }
  return { role, content: typeof content === 'string' ? content : textOfParts(content, `${path}.content`) };
}

/** Whether a stream is to end with a chunk that tells its tokens. */
export function includesUsage(body: unknown): boolean {
  return isRecord(body) && isRecord(body.stream_options) && body.stream_options.include_usage === true;
}

/** The OpenAI chat completion that carries an answer. */
export function writeChatCompletion(answer: Required<ChatAnswer>, id: string, model: string): object {
  return {
    ...headOf('chat.completion', id, model),
    choices: [{ index: 0, message: { role: 'assistant', content: answer.text }, finish_reason: answer.finishReason }],
    usage: writeUsage(answer.usage),
  };
}

/** The chunks of an OpenAI chat completion. */
export function chunkWriter(id: string, model: string) {
  const head = headOf('chat.completion.chunk', id, model);
  return {
    delta: (delta: object, finishReason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    }),
    usage: (usage: TokenUsage) => ({ ...head, choices: [], usage: writeUsage(usage) }),
  };
}

function headOf(object: string, id: string, model: string): object {
  return { id: `chatcmpl-${id}`, object, created: Math.floor(Date.now() / 1000), model };
}

function writeUsage({ inputTokens, outputTokens }: TokenUsage): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
