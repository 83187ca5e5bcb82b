export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** How often the function was called. */
  readonly evaluations: number;
}

export interface SearchOptions {
  /** Edge of the first simplex, the same in every direction. */
  readonly edge: number;
  /** The search ends once the simplex is no wider than this in any direction. */
  readonly resolution: number;
  readonly maxEvaluations: number;
}

interface Corner {
  readonly point: readonly number[];
  readonly value: number;
}

/**
 * A local minimum of a function of a few numbers, without its gradient.
 *
 * Nelder and Mead, "A simplex method for function minimization" (1965), with the usual coefficients 1, 2, 0.5 and 0.5.
 * The same call gives the same result.
 */
export function minimize(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  { edge, resolution, maxEvaluations }: SearchOptions,
): Minimum {
  let evaluations = 0;
  const cornerAt = (point: readonly number[]): Corner => {
    evaluations += 1;
    return { point, value: f(point) };
  };
  let simplex = [
    cornerAt(start),
    ...start.map((_, axis) => cornerAt(start.map((x, i) => (i === axis ? x + edge : x)))),
  ].sort(byValue);

  while (evaluations < maxEvaluations && widthOf(simplex) > resolution) {
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { point }) => sum + point[i]!, 0) / others.length);

    const reflected = cornerAt(along(centre, worst.point, -1));
    let replacement: Corner | undefined;
    if (reflected.value < best.value) {
      const expanded = cornerAt(along(centre, worst.point, -2));
      replacement = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < others.at(-1)!.value) {
      replacement = reflected;
    } else {
      const nearer = reflected.value < worst.value ? reflected : worst;
      const contracted = cornerAt(along(centre, nearer.point, 0.5));
      if (contracted.value < nearer.value) replacement = contracted;
    }
    simplex = replacement
      ? [...others, replacement].sort(byValue)
      : [best, ...simplex.slice(1).map(({ point }) => cornerAt(along(best.point, point, 0.5)))].sort(byValue);
  }
  return { ...simplex[0]!, evaluations };
}

function widthOf(simplex: readonly Corner[]): number {
  const widths = simplex[0]!.point.map((_, axis) => {
    const along = simplex.map(({ point }) => point[axis]!);
    return Math.max(...along) - Math.min(...along);
  });
  return Math.max(...widths);
}

/** The point at `share` of the way from one point to another. */
function along(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((x, i) => x + share * (to[i]! - x));
}

const byValue = (a: Corner, b: Corner) => a.value - b.value;
