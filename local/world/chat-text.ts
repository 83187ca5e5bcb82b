import type { ChatAnswer, ChatRequest } from '../../core/graph/chat';

/** The rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4;

/** At least 1: a model always reads and writes something. */
export function estimateTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}

/** A text of exactly so many tokens. */
export function textOfTokens(tokens: number): string {
  return 'word'.repeat(tokens);
}

/** What is out of a text with its first tokens; a character of two code units is not out before both are. */
export function textOfFirst(tokens: number, text: string): string {
  const out = text.slice(0, tokens * CHARACTERS_PER_TOKEN);
  return /[\uD800-\uDBFF]$/.test(out) ? out.slice(0, -1) : out;
}

/** What leaves the model of all it would say: the answer ends before a stop sequence, or at the limit on tokens. */
export function limitAnswer(text: string, request: ChatRequest): Required<ChatAnswer> {
  const stops = (request.stop ?? []).map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  const stopped = text.slice(0, Math.min(text.length, ...stops));
  const limit = (request.maxTokens ?? Infinity) * CHARACTERS_PER_TOKEN;
  const said = stopped.slice(0, limit);
  return {
    text: said,
    finishReason: said.length < stopped.length ? 'length' : 'stop',
    usage: {
      inputTokens: estimateTokens(request.messages.map((message) => message.content).join('\n')),
      outputTokens: estimateTokens(said),
    },
  };
}
