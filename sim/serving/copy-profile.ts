/**
 * Speed and size of one copy of a model under continuous batching. An engine step with P prompt tokens, n decoding
 * sequences and K tokens of context between them takes `base + perPromptToken*P + perSequence*n + perContextToken*K`.
 */
export interface CopyProfile {
  readonly stepSeconds: {
    readonly base: number;
    readonly perPromptToken: number;
    readonly perSequence: number;
    readonly perContextToken: number;
  };
  /** Most sequences in a step (vLLM: `max_num_seqs`); more wait in the copy's queue. */
  readonly maxSequences: number;
  /** Most tokens in a step, prompt and decoded together (vLLM: `max_num_batched_tokens`); at least `maxSequences`. */
  readonly maxStepTokens: number;
  readonly kvCacheTokens: number;
}

/** What a request asks of a copy; both are at least 1. */
export interface Work {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** With what the prompt begins, where others begin so too. @default nothing that is shared */
  readonly prefix?: Prefix;
}

/** The beginning of prompts that share it, such as a system prompt. A copy that has computed it keeps it for the next. */
export interface Prefix {
  /** The same for the same tokens. */
  readonly key: number;
  /** Fewer than the prompt has, and the same for the same key. */
  readonly tokens: number;
}

/** @throws RangeError for work without a token, or a prompt that is no longer than its prefix */
export function checkWork({ promptTokens, outputTokens, prefix }: Work): void {
  if (!(promptTokens >= 1 && outputTokens >= 1)) {
    const got = JSON.stringify({ promptTokens, outputTokens });
    throw new RangeError(`work must have at least 1 prompt and 1 output token, got: ${got}`);
  }
  if (prefix !== undefined && !(prefix.tokens >= 1 && prefix.tokens < promptTokens)) {
    throw new RangeError(
      `the prefix of a prompt must have at least 1 token and fewer than the ${promptTokens} of the prompt, got: ${prefix.tokens}`,
    );
  }
}
