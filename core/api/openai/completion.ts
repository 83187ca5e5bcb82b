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

/** A whole answer. */
export function completion(header: CompletionHeader, text: string, usage: TokenUsage): object {
  const message = { role: 'assistant', content: text, refusal: null };
  return {
    ...header,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: FINISHED }],
    usage: usageOf(usage),
  };
}

/** A part of a streamed answer. */
export function chunk(header: CompletionHeader, delta: Delta): object {
  return chunkOf(header, [{ index: 0, delta, logprobs: null, finish_reason: null }]);
}

/** The part that ends the text. */
export function lastChunk(header: CompletionHeader): object {
  return chunkOf(header, [{ index: 0, delta: {}, logprobs: null, finish_reason: FINISHED }]);
}

/** The part behind the text that tells what the run used. */
export function usageChunk(header: CompletionHeader, usage: TokenUsage): object {
  return { ...chunkOf(header, []), usage: usageOf(usage) };
}

export interface Delta {
  readonly role?: 'assistant';
  readonly content?: string;
}

/** Why the models of a run ended is not the run's: it has one output, which is whole. */
const FINISHED = 'stop';

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
