import { incompleteBeta } from './incomplete-beta';

/** Requests of a span, and how many of them missed the objective. */
export interface Violations {
  readonly violations: number;
  readonly requests: number;
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

function check({ violations, requests }: Violations): void {
  if (
    !(Number.isSafeInteger(violations) && Number.isSafeInteger(requests) && 0 <= violations && violations <= requests)
  ) {
    throw new RangeError(`violations must be a whole number from 0 to requests, got: ${violations} of ${requests}`);
  }
}
