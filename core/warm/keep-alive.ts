import { IDLE_BINS, type IdleHistogram, idleBinEdgeMs, idleWeightAfter } from './idle-histogram';

/** When to be warm, counted from the last call. */
export interface KeepAlivePlan {
  /** In order and apart; the first begins at 0 and may be empty. Pre-warm for the later ones. */
  readonly windows: readonly IdleWindow[];
  readonly reason: string;
}

export interface IdleWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface KeepAliveCosts {
  readonly coldStartMs: number;
  readonly pricePerHourUsd: number;
  /** What an hour of waiting costs the caller. */
  readonly delayPenaltyPerHourUsd: number;
  /**
   * What it costs to let a copy go and have it back, in time of a copy: its start is paid like its service, and what it
   * ran on is paid for some minutes after it. A pause that costs more is not kept through, whatever comes after it.
   *
   * @default Infinity
   */
  readonly restartMs?: number;
}

/** With fewer idle times the shape of the histogram is chance. */
const MIN_IDLE_TIMES = 10;

/** A histogram that most idle times do not fit into says nothing about them. */
const MAX_BEYOND_SHARE = 0.5;

const MARGIN = 0.1;

/**
 * How long to keep a component after its last call, and when to have it back.
 *
 * Keeping is worth its price while the hazard of the next call exceeds h / (l D), looked at over the best stretch ahead
 * so that an empty bin does not end it: per stretch, l D for each call that comes in it against h for the time until it
 * comes or the stretch ends. Solved from the last bin backwards, this is optimal stopping for the histogram; and as a
 * copy can be had back for the cost of a restart, what lies ahead is worth no more than that to whoever keeps one for it.
 * Warm again at 0.9 of the shortest idle time of a later mode: the margin is that of the hybrid histogram policy (Shahrad
 * et al., *Serverless in the Wild*, ATC 2020, section 4.2), which begins from the 5th percentile; of two modes that a
 * dearer wait joins into one, that would drop the first if it is small. So a dearer wait never keeps less, at any time.
 * Without a usable histogram: l D / h, after which keeping has cost as much as the wait, so never more than twice the
 * optimum (ski rental).
 */
export function keepAlivePlan(histogram: IdleHistogram | undefined, costs: KeepAliveCosts): KeepAlivePlan {
  const { coldStartMs, pricePerHourUsd, delayPenaltyPerHourUsd, restartMs = Number.POSITIVE_INFINITY } = costs;
  const breakEvenMs = (delayPenaltyPerHourUsd * coldStartMs) / pricePerHourUsd;
  const all = weightOf(histogram);
  if (!isUsable(histogram)) {
    const reason = `${seconds(breakEvenMs)} after a call keeping warm has cost as much as a cold start of ${seconds(coldStartMs)} (${all.toFixed(1)} idle times known)`;
    return { windows: [{ fromMs: 0, toMs: breakEvenMs }], reason };
  }
  const stretches = worthwhileRuns(histogram, breakEvenMs, restartMs).map(({ fromBin, toBin }) => ({
    fromMs: fromBin === 0 ? 0 : (1 - MARGIN) * idleBinEdgeMs(firstIdleBin(histogram, fromBin)),
    toMs: idleBinEdgeMs(toBin),
  }));
  const windows = joined([{ fromMs: 0, toMs: 0 }, ...stretches]);
  const times = windows.map(({ fromMs, toMs }) => `${seconds(fromMs)} to ${seconds(toMs)}`).join(', ');
  const reason = `the hazard of a call exceeds 1 in ${seconds(breakEvenMs)} from ${times} after the last one (${all.toFixed(1)} idle times)`;
  return { windows, reason };
}

/** Whether a plan wants a component warm so long after its last call, or so soon that a start must begin. */
export function isWorthKeeping({ windows }: KeepAlivePlan, idleMs: number, startMs: number): boolean {
  return windows.some(({ fromMs, toMs }) => idleMs >= fromMs - startMs && idleMs < toMs);
}

/**
 * How likely a component that has been idle for so long is called in the time to come.
 *
 * @returns undefined without a usable histogram; 0 if it was never idle for longer
 */
export function callChance(histogram: IdleHistogram | undefined, idleMs: number, withinMs: number): number | undefined {
  if (!isUsable(histogram)) return undefined;
  const later = idleWeightAfter(histogram, idleMs);
  return later === 0 ? 0 : 1 - idleWeightAfter(histogram, idleMs + withinMs) / later;
}

function isUsable(histogram: IdleHistogram | undefined): histogram is IdleHistogram {
  if (!histogram) return false;
  const all = weightOf(histogram);
  return all >= MIN_IDLE_TIMES && histogram.beyond <= MAX_BEYOND_SHARE * all;
}

function weightOf(histogram: IdleHistogram | undefined): number {
  return histogram ? histogram.bins.reduce((sum, weight) => sum + weight, histogram.beyond) : 0;
}

/** Windows that the margins made touch are one. */
function joined(windows: readonly IdleWindow[]): IdleWindow[] {
  const apart: IdleWindow[] = [];
  for (const { fromMs, toMs } of windows) {
    const last = apart.at(-1);
    if (last && fromMs <= last.toMs) apart[apart.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
    else apart.push({ fromMs, toMs });
  }
  return apart;
}

interface BinRun {
  readonly fromBin: number;
  readonly toBin: number;
}

/** The runs of bins in which being warm pays. */
function worthwhileRuns({ bins, beyond }: IdleHistogram, breakEvenMs: number, restartMs: number): BinRun[] {
  const pays: boolean[] = [];
  let later = beyond;
  let valueAhead = 0;
  for (let bin = IDLE_BINS - 1; bin >= 0; bin--) {
    const widthMs = idleBinEdgeMs(bin + 1) - idleBinEdgeMs(bin);
    const weight = bins[bin]!;
    const value = weight * breakEvenMs - (weight / 2 + later) * widthMs + valueAhead;
    pays[bin] = value > 0;
    later += weight;
    // Nobody comes back to a bin that no idle time reaches.
    valueAhead = later === 0 ? 0 : Math.min(Math.max(0, value), later * restartMs);
  }
  const runs: BinRun[] = [];
  for (let bin = 0; bin < IDLE_BINS; bin++) {
    if (!pays[bin]) continue;
    const fromBin = bin;
    while (pays[bin + 1]) bin++;
    runs.push({ fromBin, toBin: bin + 1 });
  }
  return runs;
}

function firstIdleBin({ bins }: IdleHistogram, fromBin: number): number {
  return bins.findIndex((weight, bin) => bin >= fromBin && weight > 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
