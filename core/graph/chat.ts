/** What a chat model is asked, independent of the service that runs it. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** Upper bound on the tokens of the answer. */
  readonly maxTokens?: number;
  /** 0 for the most likely answer; the service's default if left out. */
  readonly temperature?: number;
  /** The answer ends before any of these. */
  readonly stop?: readonly string[];
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A whole request, or just what the user says. */
export type ChatInput = string | ChatRequest;

/** What a chat model answers, independent of the service that runs it. */
export interface ChatAnswer {
  readonly text: string;
  /** `stop` if the model ended by itself, `length` if it met `maxTokens`; else the service's own word. */
  readonly finishReason: string;
  readonly usage?: TokenUsage;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}
