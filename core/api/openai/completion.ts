import type { TokenUsage } from '../../graph/chat';

/** What all answers to one request have in common. */
export interface CompletionHeader {
  /** The id of the run, with a prefix. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Name of the agent. */
  readonly model: string;
}

export function completionHeader(runId: string, model: string, nowMs: number): CompletionHeader {
  return { id: `chatcmpl-${runId}`, created: Math.floor(nowMs / 1000), model };
}

/** A whole answer. @param said why its model ended, in the model's word; left out if the text is of no model */
export function completion(header: CompletionHeader, text: string, usage: TokenUsage, said?: string): object {
  const message = { role: 'assistant', content: text, refusal: null };
  return {
    ...header,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(said) }],
    usage: usageOf(usage),
  };
}

/** A part of a streamed answer. */
export function chunk(header: CompletionHeader, delta: Delta): object {
  return chunkOf(header, [{ index: 0, delta, logprobs: null, finish_reason: null }]);
}

/** The part that ends the text. @param said as of a whole answer */
export function lastChunk(header: CompletionHeader, said?: string): object {
  return chunkOf(header, [{ index: 0, delta: {}, logprobs: null, finish_reason: finishReasonOf(said) }]);
}

/** The part behind the text that tells what the run used. */
export function usageChunk(header: CompletionHeader, usage: TokenUsage): object {
  return { ...chunkOf(header, []), usage: usageOf(usage) };
}

export interface Delta {
  readonly role?: 'assistant';
  readonly content?: string;
}

/** Clients know no words but these; the keys are those of Bedrock and of servers that speak as OpenAI does. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
]);

/** An output is whole, however the models of its run ended. */
function finishReasonOf(said = 'stop'): string {
  return FINISH_REASONS.get(said) ?? 'stop';
}

function chunkOf(header: CompletionHeader, choices: readonly object[]): object {
  return { ...header, object: 'chat.completion.chunk', choices };
}

/** Of all models that the run called. */
function usageOf({ inputTokens, outputTokens }: TokenUsage): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
