/**
 * Values that differ from request to request, as plain data. Where a request has tokens of its own, as one of a trace
 * does, a node's work may follow them.
 */
export type Distribution =
  | number
  /** A lognormal by two of its quantiles; `max` cuts its tail. */
  | { readonly lognormal: { readonly p50: number; readonly p95: number }; readonly max?: number }
  /** The exponential of this mean. */
  | { readonly exponential: { readonly mean: number }; readonly max?: number }
  /** Pairs of a probability, from 0 to 1 and ascending, and its quantile; linear in between. */
  | { readonly quantiles: readonly (readonly [probability: number, value: number])[] }
  /** Follows the tokens of the request itself: `tokens * times + plus`. */
  | { readonly request: 'promptTokens' | 'outputTokens'; readonly times?: number; readonly plus?: number };

/** What a request brings of its own. */
export interface RequestTokens {
  readonly promptTokens: number;
  readonly outputTokens: number;
}
