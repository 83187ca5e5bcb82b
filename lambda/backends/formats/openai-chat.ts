import type { ChatAnswer } from '../../../core/graph/chat';
import { toChatRequest } from './chat-request';
import { type Codec, parseJson } from './codec';

/** As much of an answer as is read; any of it may be missing. */
interface Completion {
  readonly choices?: readonly { readonly message?: { readonly content?: unknown }; readonly finish_reason?: unknown }[];
  readonly usage?: OpenAiUsage | null;
}

export interface OpenAiUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
}

export interface OpenAiChatOptions {
  /** For servers that serve several. */
  readonly model?: string | undefined;
  /** Whether the answer is to come in parts, for an `OpenAiAnswerReader`. */
  readonly isStreamed: boolean;
}

/**
 * OpenAI chat completions.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export function openAiChat({ model, isStreamed }: OpenAiChatOptions): Codec {
  // Without being asked, a stream does not tell its usage.
  const streaming = isStreamed ? { stream: true, stream_options: { include_usage: true } } : {};
  return {
    contentType: 'application/json',
    encode(input) {
      const { messages, maxTokens, temperature, stop } = toChatRequest(input);
      return JSON.stringify({ model, messages, max_tokens: maxTokens, temperature, stop, ...streaming });
    },
    decode(body) {
      const completion: Completion | null = parseJson(body);
      const choice = completion?.choices?.[0];
      const text = choice?.message?.content;
      if (typeof text !== 'string') throw new Error('expected a text at choices[0].message.content');

      const finishReason = typeof choice?.finish_reason === 'string' ? choice.finish_reason : 'stop';
      const usage = usageOf(completion?.usage);
      const answer: ChatAnswer = { text, finishReason, ...usage };
      return { output: answer, ...usage };
    },
  };
}

export function usageOf(usage: OpenAiUsage | null | undefined): Pick<ChatAnswer, 'usage'> {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {};
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return {};
  return { usage: { inputTokens, outputTokens } };
}
