import type { ChatRequest } from '../../../core/graph/chat';

/** A `ChatInput` as a request: what the user says alone becomes one message. */
export function toChatRequest(input: unknown): ChatRequest {
  if (typeof input === 'string') return { messages: [{ role: 'user', content: input }] };
  if (isChatRequest(input)) return input;
  throw new Error('expected a text or { messages }');
}

const isChatRequest = (input: unknown): input is ChatRequest =>
  typeof input === 'object' && input !== null && 'messages' in input && Array.isArray(input.messages);
