export interface ScaleRange {
  /** Where the search begins; positive. */
  readonly low: number;
  /** The largest scale that is tried. */
  readonly high: number;
  /** The bracket ends no wider than this share of its lower end: 0.02 is 2 %. */
  readonly tolerance: number;
}

export interface Sustainable {
  /** The largest scale that was seen to meet the objective; null if `low` did not. */
  readonly met: number | null;
  /** The smallest scale above that was seen to fail; null if `high` met the objective. */
  readonly failed: number | null;
  /** In the order of the search. */
  readonly tried: readonly number[];
}

/** A bracket narrower than this is lost in the rounding of its middle. */
const SMALLEST_TOLERANCE = 1e-9;

/**
 * The largest scale at which something still meets its objective: doubles from `low` up to the first failure, then
 * bisects on a logarithmic scale. The same answers give the same search.
 *
 * `meets` need not be monotone, as that of a simulation seldom is near its limit: what holds is that `met` met and
 * `failed` failed. Scales above the first failure of the doubling are never tried, so a narrow failure may hide a
 * success beyond it: the result then errs to the safe side. To smooth such noise, let `meets` ask for several seeds.
 *
 * @throws RangeError unless 0 < low <= high < infinity and the tolerance is at least 1e-9.
 */
export async function maximumSustainable(
  meets: (scale: number) => boolean | Promise<boolean>,
  range: ScaleRange,
): Promise<Sustainable> {
  const { low, high, tolerance } = range;
  if (!(low > 0 && low <= high && high < Infinity)) {
    throw new RangeError(`low and high must be positive and in order, got: ${low} and ${high}`);
  }
  if (!(tolerance >= SMALLEST_TOLERANCE)) {
    throw new RangeError(`tolerance must be at least ${SMALLEST_TOLERANCE}, got: ${tolerance}`);
  }
  let found: Found = { met: null, failed: null };
  const tried: number[] = [];
  for (let scale = nextScale(found, range); scale !== null; scale = nextScale(found, range)) {
    tried.push(scale);
    found = (await meets(scale)) ? { ...found, met: scale } : { ...found, failed: scale };
  }
  return { ...found, tried };
}

type Found = Pick<Sustainable, 'met' | 'failed'>;

/** What to try next, or null at the end of the search. */
function nextScale({ met, failed }: Found, { low, high, tolerance }: ScaleRange): number | null {
  if (met === null) return failed === null ? low : null;
  if (failed === null) return met < high ? Math.min(2 * met, high) : null;
  return failed > met * (1 + tolerance) ? Math.sqrt(met) * Math.sqrt(failed) : null;
}
