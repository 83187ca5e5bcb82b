import type { ChatMessage, ChatRequest } from '../../graph/chat';
import type { ChatOption } from '../../graph/chat-model';
import { isObject } from '../../graph/field-faults';
import { RequestFault } from './request-fault';
import { refuseUnsupported } from './unsupported';

/** What a body of `POST /v1/chat/completions` asks for. */
export interface CompletionRequest {
  /** Name of the agent. */
  readonly model: string;
  readonly chat: ChatRequest;
  readonly stream: boolean;
  /** Whether the last part of a stream is to tell what the run used. */
  readonly includeUsage: boolean;
}

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

/**
 * Reads the body of a request. What would have to change the answer, and cannot, is refused; what only tunes how a single model
 * samples is left to the models of the agent.
 *
 * @throws RequestFault
 */
export function readCompletionRequest(body: unknown): CompletionRequest {
  const fields = objectOf(body, 'body');
  const { model } = fields;
  if (typeof model !== 'string' || model === '') {
    throw new RequestFault('must be the name of an agent', 'model', 'missing_required_parameter');
  }
  refuseUnsupported(fields);
  if (given(fields.stream) && typeof fields.stream !== 'boolean') {
    throw new RequestFault('must be true or false', 'stream', 'invalid_value');
  }
  const stream = fields.stream === true;
  const streamOptions = given(fields.stream_options) ? objectOf(fields.stream_options, 'stream_options') : {};
  return { model, chat: chatOf(fields), stream, includeUsage: stream && streamOptions.include_usage === true };
}

/** An agent that does not take what ends an answer would go on behind it. @throws RequestFault */
export function refuseStop({ stop }: ChatRequest, takes: ReadonlySet<ChatOption>): void {
  if (stop === undefined || takes.has('stop')) return;
  throw new RequestFault('is nothing that this agent takes: leave it out', 'stop', 'unsupported_parameter');
}

function chatOf(fields: Fields): ChatRequest {
  if (!Array.isArray(fields.messages) || fields.messages.length === 0) {
    throw new RequestFault('must be a list of one or more messages', 'messages', 'missing_required_parameter');
  }
  const maxTokens = countOf(fields, 'max_completion_tokens') ?? countOf(fields, 'max_tokens');
  const temperature = temperatureOf(fields.temperature);
  const stop = stopOf(fields.stop);
  return {
    messages: fields.messages.map((message, i) => messageOf(message, `messages[${i}]`)),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(stop && { stop }),
  };
}

function messageOf(value: unknown, at: string): ChatMessage {
  const message = objectOf(value, at);
  const role = typeof message.role === 'string' && Object.hasOwn(ROLES, message.role) ? ROLES[message.role] : undefined;
  if (role === undefined) {
    throw new RequestFault(`must be one of ${Object.keys(ROLES).join(', ')}`, `${at}.role`, 'unsupported_value');
  }
  const calls = message.tool_calls;
  const callsNone = Array.isArray(calls) && calls.length === 0;
  if ((given(calls) && !callsNone) || given(message.function_call)) {
    throw new RequestFault(
      'is nothing that agents take: they call their tools themselves',
      `${at}.tool_calls`,
      'unsupported_value',
    );
  }
  return { role, content: contentOf(message.content, `${at}.content`) };
}

function contentOf(content: unknown, at: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw new RequestFault('must be a text or a list of parts', at, 'invalid_value');
  return content.map((value, i) => textOf(objectOf(value, `${at}[${i}]`), `${at}[${i}]`)).join('\n');
}

function textOf({ type, text }: Fields, at: string): string {
  if (type === 'text' && typeof text === 'string') return text;
  throw new RequestFault('must be a text: agents read nothing else', at, 'unsupported_value');
}

function stopOf(stop: unknown): readonly string[] | undefined {
  if (!given(stop)) return undefined;
  const texts: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  if (texts.every((text) => typeof text === 'string')) return texts.length > 0 ? texts : undefined;
  throw new RequestFault('must be a text or a list of texts', 'stop', 'invalid_value');
}

function countOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (!given(value)) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new RequestFault('must be a whole number from 1', name, 'invalid_value');
}

function temperatureOf(value: unknown): number | undefined {
  if (!given(value)) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  throw new RequestFault('must be a number from 0', 'temperature', 'invalid_value');
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, at: string): Fields {
  if (isObject(value)) return value;
  throw new RequestFault('must be an object', at, 'invalid_value');
}

/** Clients send null for what they leave out. */
function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}
