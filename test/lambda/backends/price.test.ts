import { callRateOf, tokensUsd } from '../../../lambda/backends/price';

test.each([
  [{}, undefined, 0],
  [{ perCallUsd: 0.25 }, undefined, 0],
  [{ perMillionInputTokensUsd: 2, perMillionOutputTokensUsd: 8 }, undefined, 0],
  [{ perMillionInputTokensUsd: 2, perMillionOutputTokensUsd: 8 }, { inputTokens: 500_000, outputTokens: 125_000 }, 2],
  [{ perCallUsd: 1, perMillionInputTokensUsd: 2 }, { inputTokens: 500_000, outputTokens: 125_000 }, 1],
])('by prices %j the tokens of an answer, %j, cost %d dollars', (price, usage, usd) => {
  expect(tokensUsd(price, usage)).toBe(usd);
});

test('calls pay for copies only where the hour of one has a price', () => {
  expect(callRateOf({ perCallUsd: 1 })).toEqual({ perCallUsd: 1 });
  expect(callRateOf({ perCopyHourUsd: 0 })).toEqual({ copy: { perCopyHourUsd: 0, concurrencyPerCopy: 1 } });
  expect(callRateOf({ perCopyHourUsd: 7, concurrencyPerCopy: 4 })).toEqual({
    copy: { perCopyHourUsd: 7, concurrencyPerCopy: 4 },
  });
});
