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
