/** Arrivals of ten seconds. */
export interface ArrivalSlot {
  readonly startMs: number;
  readonly count: number;
}

/** What is usual: for each window how often it held how many arrivals, fading over a week. */
export interface ArrivalEnvelope {
  /** Arrivals of the last slots, oldest first, as many as the longest window has. */
  readonly recent: readonly number[];
  readonly lastSlotMs?: number;
  /** Faded number of slots behind the histograms. */
  readonly slots: number;
  /** For each of `WINDOWS_SECONDS` the faded frequency of each number of arrivals, by `binOf` that number. */
  readonly histograms: readonly (readonly number[])[];
}

export const WINDOWS_SECONDS: readonly number[] = [10, 20, 40, 80, 160, 320, 640];

const SLOT_MS = 10_000;
const LONGEST_SLOTS = 64;
const SLOTS_PER_WEEK = 60_480;

/** An hour: before that everything is unusual. */
const MIN_SLOTS = 360;

const USUAL_QUANTILE = 0.99;

/** Rarer than this is forgotten altogether, so that the state stays small. */
const NEGLIGIBLE = 1e-4;

export const NO_ENVELOPE: ArrivalEnvelope = { recent: [], slots: 0, histograms: WINDOWS_SECONDS.map(() => []) };

/**
 * Counts the slots that are new. A slot between two known ones had no arrivals; after a gap as long as the longest
 * window the recent past is unknown and starts anew.
 */
export function observeArrivals(envelope: ArrivalEnvelope, slots: readonly ArrivalSlot[]): ArrivalEnvelope {
  const sound = slots.filter(
    ({ startMs, count }) => count >= 0 && count < Infinity && startMs > (envelope.lastSlotMs ?? -Infinity),
  );
  const fresh = [...new Map(sound.map((slot) => [slot.startMs, slot])).values()].sort((a, b) => a.startMs - b.startMs);
  if (fresh.length === 0) return envelope;

  const fade = Math.exp(-fresh.length / SLOTS_PER_WEEK);
  const histograms = envelope.histograms.map((histogram) => fadeHistogram(histogram, fade));
  const recent = envelope.recent.slice();
  let { lastSlotMs } = envelope;
  for (const { startMs, count } of fresh) {
    const missing = lastSlotMs === undefined ? 0 : Math.round((startMs - lastSlotMs) / SLOT_MS) - 1;
    if (missing >= LONGEST_SLOTS) recent.length = 0;
    else for (let slot = 0; slot < missing; slot++) recent.push(0);
    recent.push(count);
    lastSlotMs = startMs;
    const counts = windowCounts(recent);
    for (let i = 0; i < counts.length; i++) {
      const arrivals = counts[i];
      if (arrivals !== undefined) countIn(histograms[i]!, binOf(arrivals));
    }
  }
  return {
    recent: recent.slice(-LONGEST_SLOTS),
    lastSlotMs: lastSlotMs!,
    slots: envelope.slots * fade + fresh.length,
    histograms,
  };
}

/** Arrivals in each of the windows that end now; `undefined` where the past does not reach far enough back. */
export function windowCounts(recent: readonly number[]): (number | undefined)[] {
  const counts: (number | undefined)[] = [];
  let arrivals = 0;
  let slots = 0;
  for (const seconds of WINDOWS_SECONDS) {
    for (; slots < seconds / 10 && slots < recent.length; slots++) arrivals += recent[recent.length - 1 - slots]!;
    counts.push(slots < seconds / 10 ? undefined : arrivals);
  }
  return counts;
}

/** P99 of the arrivals in each window; `undefined` while less than an hour is known. */
export function usualArrivals(envelope: ArrivalEnvelope): (number | undefined)[] {
  if (envelope.slots < MIN_SLOTS) return WINDOWS_SECONDS.map(() => undefined);
  return envelope.histograms.map(histogramQuantile);
}

function histogramQuantile(histogram: readonly number[]): number | undefined {
  let total = 0;
  for (const weight of histogram) total += weight;
  if (total === 0) return undefined;
  let bin = histogram.length - 1;
  for (let above = 0; bin > 0; bin--) {
    above += histogram[bin]!;
    if (above > (1 - USUAL_QUANTILE) * total) break;
  }
  return arrivalsOf(bin);
}

function fadeHistogram(histogram: readonly number[], fade: number): number[] {
  const faded = histogram.slice();
  for (let bin = 0; bin < faded.length; bin++) {
    const weight = faded[bin]! * fade;
    faded[bin] = weight > NEGLIGIBLE ? weight : 0;
  }
  return faded;
}

function countIn(histogram: number[], bin: number): void {
  while (histogram.length <= bin) histogram.push(0);
  histogram[bin] = histogram[bin]! + 1;
}

const BINS_PER_DECADE = 90;

/** Numbers of arrivals to two digits, rounded up: one bin for each below 100, then 90 for each power of ten. */
function binOf(arrivals: number): number {
  if (arrivals < 100) return Math.ceil(arrivals);
  const decade = Math.max(0, Math.floor(Math.log10(Math.max(1, arrivals))) - 1);
  return Math.ceil(arrivals / 10 ** decade) + BINS_PER_DECADE * decade;
}

/** The largest number of arrivals in a bin. */
function arrivalsOf(bin: number): number {
  const decade = Math.max(0, Math.floor((bin - 10) / BINS_PER_DECADE));
  return (bin - BINS_PER_DECADE * decade) * 10 ** decade;
}
