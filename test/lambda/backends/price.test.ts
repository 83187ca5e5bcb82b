import { copyRateOf, costUsd } from '../../../lambda/backends/price';

test.each([
  [{}, undefined, 0],
  [{ perCallUsd: 0.25 }, undefined, 0.25],
  [{ perMillionInputTokensUsd: 2, perMillionOutputTokensUsd: 8 }, undefined, 0],
  [{ perMillionInputTokensUsd: 2, perMillionOutputTokensUsd: 8 }, { inputTokens: 500_000, outputTokens: 125_000 }, 2],
  [{ perCallUsd: 1, perMillionInputTokensUsd: 2 }, { inputTokens: 500_000, outputTokens: 125_000 }, 2],
])('prices %j and usage %j cost %d dollars', (price, usage, usd) => {
  expect(costUsd(price, usage)).toBe(usd);
});

test('calls pay for copies only where the hour of one has a price', () => {
  expect(copyRateOf({ perCallUsd: 1 })).toBeUndefined();
  expect(copyRateOf({ perCopyHourUsd: 0 })).toEqual({ perCopyHourUsd: 0, concurrencyPerCopy: 1 });
  expect(copyRateOf({ perCopyHourUsd: 7, concurrencyPerCopy: 4 })).toEqual({
    perCopyHourUsd: 7,
    concurrencyPerCopy: 4,
  });
});
