/** Requests of a window, and how many of them missed their objective. */
export interface Outcomes {
  readonly requests: number;
  readonly violations: number;
}

/**
 * Fisher's exact test, one-sided: how likely at least as many of all violations would fall into `after` if nothing
 * had changed. https://en.wikipedia.org/wiki/Fisher%27s_exact_test
 *
 * @throws RangeError if a count is no whole number, or there are more violations than requests.
 */
export function fisherPValue(before: Outcomes, after: Outcomes): number {
  checkOutcomes('before', before);
  checkOutcomes('after', after);
  const violations = before.violations + after.violations;
  const most = Math.min(violations, after.requests);

  // Hypergeometric probabilities, each from the one before, in logarithms: the first may be too small for a number.
  let logProbability =
    logChoose(after.requests, after.violations) +
    logChoose(before.requests, before.violations) -
    logChoose(before.requests + after.requests, violations);
  let sum = 0;
  for (let k = after.violations; k <= most; k++) {
    sum += Math.exp(logProbability);
    const ways = (violations - k) * (after.requests - k);
    logProbability += Math.log(ways / ((k + 1) * (before.requests - violations + k + 1)));
  }
  return Math.min(1, sum);
}

function checkOutcomes(name: string, { requests, violations }: Outcomes): void {
  if (Number.isSafeInteger(requests) && Number.isSafeInteger(violations) && 0 <= violations && violations <= requests)
    return;
  throw new RangeError(
    `${name} must have whole numbers, 0 <= violations <= requests, got: ${violations} violations of ${requests} requests`,
  );
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Exact for small numbers, Stirling's series beyond, where its error is below 1e-12. */
function logFactorial(n: number): number {
  if (n < 32) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series;
}
