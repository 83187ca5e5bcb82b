import type { Price } from '../../core/graph/binding';
import type { TokenUsage } from '../../core/graph/chat';

const TOKENS_PER_PRICE = 1_000_000;

/** What a call cost, in US dollars; tokens that the backend does not report cost nothing. */
export function costUsd(price: Price, usage: TokenUsage = { inputTokens: 0, outputTokens: 0 }): number {
  const { perCallUsd = 0, perMillionInputTokensUsd = 0, perMillionOutputTokensUsd = 0 } = price;
  const tokensUsd = usage.inputTokens * perMillionInputTokensUsd + usage.outputTokens * perMillionOutputTokensUsd;
  return perCallUsd + tokensUsd / TOKENS_PER_PRICE;
}
