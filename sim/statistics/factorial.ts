import { confidenceInterval, type Interval, meanIsZeroPValue } from './interval';
import type { Samples } from './quantile';

/** The two levels of each factor: `{ capacity: ['static', 'autoscaled'] }`. */
export type Factors = Readonly<Record<string, readonly [first: string, second: string]>>;

/** The outcome of one combination of levels. */
export interface FactorialCell {
  /** By factor. */
  readonly levels: Readonly<Record<string, string>>;
  /** One value of each seed; the seeds in the same order in every cell. */
  readonly bySeed: Samples;
}

/** Of one factor, or the interaction of two. */
export interface FactorialEffect {
  readonly factors: readonly [factor: string] | readonly [factor: string, other: string];
  /** In the unit of the values. */
  readonly effect: Interval;
  /** Two-sided, of a t-test that there is no effect. */
  readonly pValue: number;
}

/**
 * Main effects and two-way interactions of a full 2^k factorial: first those of single factors, then those of pairs, in
 * the order of `factors`.
 *
 * A main effect is the change from a factor's first level to its second, averaged over the levels of all others. An
 * interaction is half of the difference between one factor's effect at the second and at the first level of the other.
 * Each is computed seed by seed, over the same requests in all cells, and its interval is that of the seeds' mean. Of
 * logarithms of the values, effects are factors.
 *
 * Source: G. Box, J. Hunter and W. Hunter, *Statistics for Experimenters*, 2nd edition, chapter 5.
 *
 * @throws RangeError unless there is one cell for each combination of levels, all with the same number of seeds.
 */
export function factorialEffects(factors: Factors, cells: readonly FactorialCell[]): FactorialEffect[] {
  const names = Object.keys(factors);
  check(factors, cells);
  const terms = [
    ...names.map((name) => [name] as const),
    ...names.flatMap((name, i) => names.slice(i + 1).map((other) => [name, other] as const)),
  ];
  return terms.map((term) => {
    const effects = effectBySeed(factors, cells, term);
    return { factors: term, effect: confidenceInterval(effects), pValue: meanIsZeroPValue(effects) };
  });
}

/** The contrast of a term: cells count up or down by the product of the signs of their levels. */
function effectBySeed(factors: Factors, cells: readonly FactorialCell[], term: readonly string[]): Float64Array {
  const effects = new Float64Array(cells[0]!.bySeed.length);
  for (const { levels, bySeed } of cells) {
    const sign = term.reduce((product, name) => (levels[name] === factors[name]![0] ? -product : product), 1);
    for (let seed = 0; seed < effects.length; seed++) effects[seed]! += (sign * bySeed[seed]!) / (cells.length / 2);
  }
  return effects;
}

function check(factors: Factors, cells: readonly FactorialCell[]): void {
  const names = Object.keys(factors);
  const seen = new Set<string>();
  for (const { levels, bySeed } of cells) {
    for (const name of names) {
      if (!factors[name]!.includes(levels[name]!)) {
        throw new RangeError(`level of "${name}" must be one of ${factors[name]!.join(', ')}, got: ${levels[name]}`);
      }
    }
    const combination = names.map((name) => levels[name]).join(', ');
    if (seen.has(combination))
      throw new RangeError(`there must be one cell of each combination, got two: ${combination}`);
    seen.add(combination);
    if (bySeed.length !== cells[0]!.bySeed.length) {
      throw new RangeError(`cells must have the same seeds, got: ${cells[0]!.bySeed.length} and ${bySeed.length}`);
    }
  }
  if (seen.size !== 2 ** names.length) {
    throw new RangeError(`${names.length} factors need ${2 ** names.length} cells, got: ${seen.size}`);
  }
}
