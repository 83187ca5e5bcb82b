import type { ChatAnswer } from '../../../core/graph/chat';
import { toChatRequest } from './chat-request';
import { type Codec, parseJson } from './codec';

/** As much of an answer as is read; any of it may be missing. */
interface Completion {
  readonly choices?: readonly { readonly message?: { readonly content?: unknown }; readonly finish_reason?: unknown }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown };
}

/**
 * OpenAI chat completions.
 *
 * @param model for servers that serve several
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export function openAiChat(model: string | undefined): Codec {
  return {
    contentType: 'application/json',
    encode(input) {
      const { messages, maxTokens, temperature, stop } = toChatRequest(input);
      return JSON.stringify({ model, messages, max_tokens: maxTokens, temperature, stop });
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

function usageOf(usage: Completion['usage']): Pick<ChatAnswer, 'usage'> {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {};
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return {};
  return { usage: { inputTokens, outputTokens } };
}
