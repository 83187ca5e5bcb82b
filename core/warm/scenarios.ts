import type { LogNormal } from './log-normal';
import { normalQuantile } from './normal';

/** Enough for the quantiles that decide, 3 % to 97 %; few enough to forecast a hundred nodes in a fraction of a millisecond. */
export const SCENARIOS = 16;

/** The middles of as many equally likely strata. */
const STRATA = Array.from({ length: SCENARIOS }, (_, i) => (i + 0.5) / SCENARIOS);
const STRATA_NORMAL = STRATA.map(normalQuantile);

/**
 * A variable's value in each scenario. Every variable takes each of its strata once, in an order of its own: a Latin
 * hypercube (McKay, Beckman and Conover, 1979), which gets the quantiles of each variable right and lets sums and
 * maxima of several come out as if they were independent.
 *
 * @param variable number of the variable: the same one always has the same order
 */
export function drawDurations(variable: number, { meanLog, sdLog }: LogNormal): number[] {
  const drawn: number[] = [];
  for (const stratum of strataOrder(variable)) drawn.push(Math.exp(meanLog + sdLog * STRATA_NORMAL[stratum]!));
  return drawn;
}

/** As `drawDurations`, from the uniform distribution on 0 to 1. */
export function drawUniform(variable: number): number[] {
  const drawn: number[] = [];
  for (const stratum of strataOrder(variable)) drawn.push(STRATA[stratum]!);
  return drawn;
}

const orders: Uint8Array[] = [];

/** Shuffled (Fisher and Yates) by a linear congruential generator (*Numerical Recipes*) that starts from the number. */
function strataOrder(variable: number): Uint8Array {
  const known = orders[variable];
  if (known) return known;
  const order = Uint8Array.from({ length: SCENARIOS }, (_, i) => i);
  let state = Math.imul(variable + 1, 2_654_435_761) >>> 0;
  for (let i = SCENARIOS - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  orders[variable] = order;
  return order;
}

/** The value below which the share `p` of equally likely values lies; of two middle ones, the lower. */
export function quantileOf(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))]!;
}
