import { DAY_MS } from '../time-units';
import { decayOf } from './decay';

/** How long a component was without a call before the next came, older times counting less. */
export interface IdleHistogram {
  /** Weight of each bin; see `idleBinEdgeMs`. */
  readonly bins: readonly number[];
  /** Weight of what was longer than the last bin. */
  readonly beyond: number;
  /** When it was last brought up to date. */
  readonly atMs: number;
}

/** Bins widen by the same factor, so that seconds and days fit: 10 s to 7 days, each 9 % wide. */
export const IDLE_BINS = 128;
const FIRST_EDGE_MS = 10_000;
const BINS_PER_DOUBLING = 8;

/** A week, so that nights and weekends are remembered. */
const HALF_LIFE_MS = 7 * DAY_MS;

/** Where a bin begins; bin 0 begins at 0. */
export function idleBinEdgeMs(bin: number): number {
  return bin === 0 ? 0 : FIRST_EDGE_MS * 2 ** ((bin - 1) / BINS_PER_DOUBLING);
}

export function addIdleTime(histogram: IdleHistogram | undefined, idleMs: number, nowMs: number): IdleHistogram {
  const kept = histogram ? decayOf(nowMs - histogram.atMs, HALF_LIFE_MS) : 0;
  const bins = Array<number>(IDLE_BINS).fill(0);
  for (let bin = 0; bin < IDLE_BINS; bin++) bins[bin] = kept * (histogram?.bins[bin] ?? 0);
  const bin = binOf(idleMs);
  if (bin < IDLE_BINS) bins[bin]! += 1;
  return {
    bins,
    beyond: kept * (histogram?.beyond ?? 0) + (bin < IDLE_BINS ? 0 : 1),
    atMs: Math.max(nowMs, histogram?.atMs ?? nowMs),
  };
}

function binOf(idleMs: number): number {
  if (idleMs < FIRST_EDGE_MS) return 0;
  // Rounded first: an edge is in the bin that it begins.
  return 1 + Math.floor(BINS_PER_DOUBLING * Math.log2(idleMs / FIRST_EDGE_MS) + 1e-9);
}

/** The weight of the idle times that are longer, linear within a bin. */
export function idleWeightAfter({ bins, beyond }: IdleHistogram, idleMs: number): number {
  return bins.reduce((sum, weight, bin) => {
    if (weight === 0) return sum;
    const [fromMs, toMs] = [idleBinEdgeMs(bin), idleBinEdgeMs(bin + 1)];
    return sum + weight * Math.min(1, Math.max(0, (toMs - idleMs) / (toMs - fromMs)));
  }, beyond);
}
