import { incompleteBeta, logGamma } from './incomplete-beta';

/** Requests of a span, and how many of them missed the objective. */
export interface Violations {
  readonly violations: number;
  readonly requests: number;
}

/**
 * One-sided p-value of Fisher's exact test that `after` violates no more often than `before`: small where a change made
 * it worse. Without violations or without requests it is 1.
 *
 * Source: the upper tail of the hypergeometric distribution (Conover, *Practical Nonparametric Statistics*, section 4.1).
 *
 * @throws RangeError for counts that are not whole, or more violations than requests.
 */
export function fisherExactPValue(before: Violations, after: Violations): number {
  check(before);
  check(after);
  const violations = before.violations + after.violations;
  const requests = before.requests + after.requests;
  const all = logChoose(requests, violations);
  let tail = 0;
  for (let k = after.violations; k <= Math.min(violations, after.requests); k++) {
    tail += Math.exp(logChoose(after.requests, k) + logChoose(before.requests, violations - k) - all);
  }
  return Math.min(1, tail);
}

/**
 * One-sided p-value of the exact binomial test that violations have at most the given probability: small where there
 * are more of them.
 *
 * @throws RangeError for counts that are not whole, more violations than requests, or a probability outside 0 to 1.
 */
export function binomialPValue(observed: Violations, probability: number): number {
  check(observed);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability must be from 0 to 1, got: ${probability}`);
  }
  const { violations, requests } = observed;
  return violations === 0 ? 1 : incompleteBeta(probability, violations, requests - violations + 1);
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? -Infinity : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

function check({ violations, requests }: Violations): void {
  if (
    !(Number.isSafeInteger(violations) && Number.isSafeInteger(requests) && 0 <= violations && violations <= requests)
  ) {
    throw new RangeError(`violations must be a whole number from 0 to requests, got: ${violations} of ${requests}`);
  }
}
