import type { Price } from '../../core/graph/binding';
import type { TokenUsage } from '../../core/graph/chat';
import type { CopyRate } from '../../core/run/copy-meter';

/** What a copy costs that works on a call; undefined if calls do not pay for copies. */
export function copyRateOf({ perCopyHourUsd, concurrencyPerCopy = 1 }: Price): CopyRate | undefined {
  return perCopyHourUsd === undefined ? undefined : { perCopyHourUsd, concurrencyPerCopy };
}

const TOKENS_PER_PRICE = 1_000_000;

/** What a call cost, in US dollars, without the time of a copy; tokens that the backend does not report cost nothing. */
export function costUsd(price: Price, usage: TokenUsage = { inputTokens: 0, outputTokens: 0 }): number {
  const { perCallUsd = 0, perMillionInputTokensUsd = 0, perMillionOutputTokensUsd = 0 } = price;
  const tokensUsd = usage.inputTokens * perMillionInputTokensUsd + usage.outputTokens * perMillionOutputTokensUsd;
  return perCallUsd + tokensUsd / TOKENS_PER_PRICE;
}
