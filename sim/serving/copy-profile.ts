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
}
