import type { Distribution, RequestTokens } from './distribution';
import { normalCdf, Z95 } from './normal';

/**
 * The mean of a valid distribution. `requestMeans` are the mean tokens of the requests that it may follow.
 *
 * @throws RangeError if the distribution follows the request and `requestMeans` is absent.
 */
export function meanOf(distribution: Distribution, requestMeans?: RequestTokens): number {
  if (typeof distribution === 'number') return distribution;
  if ('lognormal' in distribution) {
    const { p50, p95 } = distribution.lognormal;
    return lognormalMean(p50, Math.log(p95 / p50) / Z95, distribution.max ?? Infinity);
  }
  if ('exponential' in distribution) {
    const { mean } = distribution.exponential;
    return mean === 0 ? 0 : -mean * Math.expm1(-(distribution.max ?? Infinity) / mean);
  }
  if ('quantiles' in distribution) return interpolatedMean(distribution.quantiles);

  const { request, times = 1, plus = 0 } = distribution;
  if (!requestMeans) throw new RangeError(`the mean of what follows the request's ${request} needs the mean of these`);
  return requestMeans[request] * times + plus;
}

/** E[min(X, max)] of a lognormal X: its part below `max`, and `max` for the rest. */
function lognormalMean(p50: number, sigma: number, max: number): number {
  if (sigma === 0) return Math.min(p50, max);
  const whole = p50 * Math.exp(sigma ** 2 / 2);
  if (max === Infinity) return whole;
  const z = Math.log(max / p50) / sigma;
  return whole * normalCdf(z - sigma) + max * normalCdf(-z);
}

/** The first value holds below the first probability, the last one above the last. */
function interpolatedMean(quantiles: readonly (readonly [probability: number, value: number])[]): number {
  let [below, valueBelow] = quantiles[0]!;
  let sum = below * valueBelow;
  for (const [probability, value] of quantiles.slice(1)) {
    sum += ((probability - below) * (valueBelow + value)) / 2;
    [below, valueBelow] = [probability, value];
  }
  return sum + (1 - below) * valueBelow;
}
