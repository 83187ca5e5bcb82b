import type { Price } from '../../core/graph/binding';
import type { TokenUsage } from '../../core/graph/chat';
import type { CallRate } from '../../core/run/call-meter';

/** What a call costs from when it leaves, whether or not an answer comes. */
export function callRateOf({ perCallUsd, perCopyHourUsd, concurrencyPerCopy = 1 }: Price): CallRate {
  return {
    ...(perCallUsd !== undefined && { perCallUsd }),
    ...(perCopyHourUsd !== undefined && { copy: { perCopyHourUsd, concurrencyPerCopy } }),
  };
}

const TOKENS_PER_PRICE = 1_000_000;

/** What the tokens of an answer cost, in US dollars; those that the backend does not report cost nothing. */
export function tokensUsd(price: Price, usage: TokenUsage = { inputTokens: 0, outputTokens: 0 }): number {
  const { perMillionInputTokensUsd = 0, perMillionOutputTokensUsd = 0 } = price;
  const { inputTokens, outputTokens } = usage;
  return (inputTokens * perMillionInputTokensUsd + outputTokens * perMillionOutputTokensUsd) / TOKENS_PER_PRICE;
}
