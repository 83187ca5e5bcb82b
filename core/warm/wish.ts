/** What one run may want of a component. */
export interface Wish {
  readonly request: string;
  readonly component: string;
  /** That the run will call the component. */
  readonly probability: number;
  /** Equally likely times of its first call, if it makes one: ascending, in epoch milliseconds. */
  readonly arrivalsAtMs: readonly number[];
  /** Calls that it makes at once, if it makes any: more than one of a map. @default 1 */
  readonly width?: number;
  /** How long such a call takes once a copy serves it: what others wait that find no room. @default 0 */
  readonly callMs?: number;
}

/** The first call of a component by any of several runs. */
export interface FirstArrival {
  /** That one of them calls it. */
  readonly probability: number;
  /** Times from now, ascending; the weights add up to the probability. */
  readonly points: readonly { readonly afterMs: number; readonly weight: number }[];
}

/** When the first of independent runs calls: none has by t with probability Π(1 - p F(t)). */
export function firstArrivalOf(wishes: readonly Wish[], nowMs: number): FirstArrival {
  const arrivals: { readonly run: number; readonly afterMs: number; readonly weight: number }[] = [];
  wishes.forEach(({ probability, arrivalsAtMs }, run) => {
    const weight = probability / arrivalsAtMs.length;
    for (const atMs of arrivalsAtMs) arrivals.push({ run, afterMs: Math.max(0, atMs - nowMs), weight });
  });
  if (wishes.length > 1) arrivals.sort((a, b) => a.afterMs - b.afterMs);
  const silent = wishes.map(() => 1);
  const points: { afterMs: number; weight: number }[] = [];
  let allSilent = 1;
  for (const { run, afterMs, weight } of arrivals) {
    const before = silent[run]!;
    // What rounding leaves of a certain arrival is nothing.
    const after = before - weight > 1e-9 ? before - weight : 0;
    silent[run] = after;
    const left = (allSilent / before) * after;
    points.push({ afterMs, weight: allSilent - left });
    allSilent = left;
    if (allSilent === 0) break;
  }
  return { probability: 1 - allSilent, points };
}

/** The time before which the share `p` of the first arrivals lies; Infinity if none comes. */
export function arrivalQuantileMs({ probability, points }: FirstArrival, p: number): number {
  if (probability === 0) return Number.POSITIVE_INFINITY;
  let missing = p * probability;
  for (const { afterMs, weight } of points) {
    missing -= weight;
    if (missing <= 0) return afterMs;
  }
  return points.at(-1)!.afterMs;
}
