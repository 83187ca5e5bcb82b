import type { Distribution, RequestTokens } from './distribution';
import { distributionFaults } from './distribution-faults';
import { inverseNormal, Z95 } from './normal';

/** The value of a distribution at a probability between 0 and 1. */
export type Quantile = (probability: number, request?: RequestTokens) => number;

/**
 * A uniform draw in (0, 1) that depends on its coordinates only, so that a request needs the same under every policy,
 * whatever else is drawn in between. Neighbouring coordinates give independent draws.
 *
 * `seed`, `request` and `item` are whole numbers below 2^32, `node` and `purpose` below 2^16.
 *
 * Source: Threefry-2x32 with 20 rounds, J. Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC'11,
 * https://doi.org/10.1145/2063384.2063405.
 */
export function drawAt(seed: number, request: number, node: number, item: number, purpose: number): number {
  const key0 = seed | 0;
  const key1 = (node << 16) | purpose;
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  let a = (request + key0) | 0;
  let b = (item + key1) | 0;

  for (let group = 0; group < 5; group++) {
    if (group % 2 === 0) {
      a = (a + b) | 0;
      b = ((b << 13) | (b >>> 19)) ^ a;
      a = (a + b) | 0;
      b = ((b << 15) | (b >>> 17)) ^ a;
      a = (a + b) | 0;
      b = ((b << 26) | (b >>> 6)) ^ a;
      a = (a + b) | 0;
      b = ((b << 6) | (b >>> 26)) ^ a;
    } else {
      a = (a + b) | 0;
      b = ((b << 17) | (b >>> 15)) ^ a;
      a = (a + b) | 0;
      b = ((b << 29) | (b >>> 3)) ^ a;
      a = (a + b) | 0;
      b = ((b << 16) | (b >>> 16)) ^ a;
      a = (a + b) | 0;
      b = ((b << 24) | (b >>> 8)) ^ a;
    }
    const turn = group % 3;
    a = (a + (turn === 0 ? key1 : turn === 1 ? key2 : key0)) | 0;
    b = (b + (turn === 0 ? key2 : turn === 1 ? key0 : key1) + group + 1) | 0;
  }
  // 52 bits and a half: neither 0 nor 1 can come out.
  return ((a >>> 6) * 2 ** 26 + (b >>> 6) + 0.5) / 2 ** 52;
}

/** As `quantileFunction`, for a single value. */
export function quantileOf(distribution: Distribution, probability: number, request?: RequestTokens): number {
  return quantileFunction(distribution)(probability, request);
}

/** Whether its values depend on a probability at all: one that does not needs no draw. */
export function isDrawn(distribution: Distribution): boolean {
  return typeof distribution !== 'number' && !('request' in distribution);
}

/**
 * The quantile function (inverse distribution function) of a distribution, prepared once for many draws.
 *
 * @throws RangeError if the distribution makes no sense; the function throws it if it follows a request and has none.
 */
export function quantileFunction(distribution: Distribution): Quantile {
  const faults = [...distributionFaults('distribution', distribution)];
  if (faults.length > 0) throw new RangeError(faults.join('; '));

  if (typeof distribution === 'number') return () => distribution;
  if ('lognormal' in distribution) {
    const { p50, p95 } = distribution.lognormal;
    const sigma = Math.log(p95 / p50) / Z95;
    const { max = Infinity } = distribution;
    return (probability) => Math.min(max, p50 * Math.exp(sigma * inverseNormal(probability)));
  }
  if ('exponential' in distribution) {
    const { mean } = distribution.exponential;
    const { max = Infinity } = distribution;
    return (probability) => Math.min(max, -mean * Math.log1p(-probability));
  }
  if ('quantiles' in distribution) return interpolated(distribution.quantiles);
  return following(distribution.request, distribution.times, distribution.plus);
}

function interpolated(quantiles: readonly (readonly [probability: number, value: number])[]): Quantile {
  const probabilities = Float64Array.from(quantiles, ([probability]) => probability);
  const values = Float64Array.from(quantiles, ([, value]) => value);
  const last = values.length - 1;
  return (probability) => {
    if (probability <= probabilities[0]!) return values[0]!;
    if (probability >= probabilities[last]!) return values[last]!;
    let above = 1;
    while (probabilities[above]! < probability) above++;
    const width = probabilities[above]! - probabilities[above - 1]!;
    const share = (probability - probabilities[above - 1]!) / width;
    return values[above - 1]! + share * (values[above]! - values[above - 1]!);
  };
}

function following(tokens: keyof RequestTokens, times = 1, plus = 0): Quantile {
  return (_probability, request) => {
    if (!request) throw new RangeError(`a distribution that follows the request's ${tokens} needs a request`);
    return request[tokens] * times + plus;
  };
}
