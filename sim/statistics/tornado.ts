/** An outcome at the low, the assumed and the high value of one parameter, all else as assumed. */
export interface Sensitivity {
  readonly parameter: string;
  /** Values of the parameter, as shown: `x0.5`, `10 s`. */
  readonly low: string;
  readonly base: string;
  readonly high: string;
  /** The outcome, such as the change of cost at equal objective. */
  readonly valueAtLow: number;
  readonly valueAtBase: number;
  readonly valueAtHigh: number;
}

export interface TornadoRow extends Sensitivity {
  /** From the smallest to the largest of the three outcomes, in their unit. */
  readonly swing: number;
  /** Of an outcome that is a change: whether the conclusion stays the same, better or worse, over the whole range. */
  readonly keepsSign: boolean;
}

/** Rows of a tornado chart: the parameter that matters most first, by name where two matter alike. */
export function tornado(sensitivities: readonly Sensitivity[]): TornadoRow[] {
  return sensitivities
    .map((row) => {
      const outcomes = [row.valueAtLow, row.valueAtBase, row.valueAtHigh];
      return { ...row, swing: range(outcomes), keepsSign: new Set(outcomes.map(Math.sign)).size === 1 };
    })
    .sort((a, b) => (a.swing === b.swing ? compare(a.parameter, b.parameter) : b.swing - a.swing));
}

function range(values: readonly number[]): number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Three failures alike are no swing, though infinity less infinity is not 0.
  return low === high ? 0 : high - low;
}

/** By code units: the order of a locale may differ from machine to machine. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
