import type { ChatAnswer, ChatMessage, ChatRequest } from '../../core/graph/chat';
import { isRecord } from './http';
import { InvalidInputError, listOf, optionalCount, optionalNumber, textOfParts } from './read-json';

/** Reads the body of a Converse request. */
export function readConverse(body: unknown): ChatRequest {
  if (!isRecord(body)) throw new InvalidInputError('the body must be a JSON object');
  const turns = listOf(body.messages, 'messages').map((message, i) => readMessage(message, `messages[${i}]`));
  if (turns.length === 0) throw new InvalidInputError('messages must not be empty');

  const system = textOfParts(body.system ?? [], 'system');
  const messages: ChatMessage[] = system === '' ? turns : [{ role: 'system', content: system }, ...turns];
  const config = isRecord(body.inferenceConfig) ? body.inferenceConfig : {};
  const maxTokens = optionalCount(config.maxTokens, 'inferenceConfig.maxTokens');
  const temperature = optionalNumber(config.temperature, 'inferenceConfig.temperature');
  return {
    messages,
    stop: listOf(config.stopSequences ?? [], 'inferenceConfig.stopSequences').map(String),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
}

function readMessage(message: unknown, path: string): ChatMessage {
  if (!isRecord(message)) throw new InvalidInputError(`${path} must be an object`);
  const { role } = message;
  if (role !== 'user' && role !== 'assistant') {
    throw new InvalidInputError(`${path}.role must be user or assistant, got: ${JSON.stringify(role)}`);
  }
  return { role, content: textOfParts(message.content, `${path}.content`) };
}

/** The Converse response that carries an answer. */
export function writeConverse(answer: Required<ChatAnswer>, latencyMs: number): object {
  return {
    output: { message: { role: 'assistant', content: [{ text: answer.text }] } },
    stopReason: stopReasonOf(answer),
    ...writeMetadata(answer, latencyMs),
  };
}

/** An event of ConverseStream: its name and what it says. */
export type ConverseEvent = readonly [type: string, members: object];

export const CONVERSE_START: ConverseEvent = ['messageStart', { role: 'assistant' }];

export function writeDelta(text: string): ConverseEvent {
  return ['contentBlockDelta', { delta: { text }, contentBlockIndex: 0 }];
}

export function writeConverseEnd(answer: Required<ChatAnswer>, latencyMs: number): readonly ConverseEvent[] {
  return [
    ['contentBlockStop', { contentBlockIndex: 0 }],
    ['messageStop', { stopReason: stopReasonOf(answer) }],
    ['metadata', writeMetadata(answer, latencyMs)],
  ];
}

function stopReasonOf({ finishReason }: ChatAnswer): string {
  return finishReason === 'length' ? 'max_tokens' : 'end_turn';
}

function writeMetadata({ usage: { inputTokens, outputTokens } }: Required<ChatAnswer>, latencyMs: number): object {
  return {
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    metrics: { latencyMs: Math.round(latencyMs) },
  };
}
