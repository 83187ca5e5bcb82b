import type { ShapeNode } from './graph-shape';
import { type DrawnRequest, requestTotal } from './requests';

/** A hundredth of a percent of the objective is far below the error of the draws. */
const TOLERANCE = 1e-4;

const LARGEST_FACTOR = 1024;

/** Of requests that are within an objective which their P95 meets. */
const P95_SHARE = 0.95;

/**
 * The largest factor at which the P95 of requests is within an objective, by bisection.
 *
 * Every time grows with the factor, so that a request which is late where the P95 is within stays late at each factor that
 * is still in question, and one that is in time where the P95 is not stays in time. Neither is looked at again: the whole
 * bisection costs what its first few steps do.
 *
 * @param factorsAt the factor on the time of each node; none may shrink as its argument grows
 * @returns undefined if the P95 is not even within at 0, Infinity if it is within at factors beyond reason
 */
export function largestWithin(
  nodes: readonly ShapeNode[],
  requests: readonly DrawnRequest[],
  objectiveMs: number,
  factorsAt: (factor: number) => ArrayLike<number>,
): number | undefined {
  const totalMs = requestTotal(nodes);
  const needed = Math.ceil(P95_SHARE * requests.length);
  let undecided = requests;
  let settledInTime = 0;

  const isWithin = (factor: number): boolean => {
    const factors = factorsAt(factor);
    const inTime: DrawnRequest[] = [];
    const late: DrawnRequest[] = [];
    for (const request of undecided) (totalMs(request, factors) < objectiveMs ? inTime : late).push(request);
    const holds = settledInTime + inTime.length >= needed;
    undecided = holds ? inTime : late;
    if (!holds) settledInTime += inTime.length;
    return holds;
  };

  return isWithin(0) ? bisect(isWithin) : undefined;
}

/** @param holds for the factor 0, and up to some factor */
function bisect(holds: (factor: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (holds(high)) {
    if (high >= LARGEST_FACTOR) return Infinity;
    low = high;
    high *= 2;
  }
  while (high - low > TOLERANCE * high) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
