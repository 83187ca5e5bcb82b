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
  /** For each of `WINDOWS_SECONDS` the faded frequency of each number of arrivals, to two digits rounded up. */
  readonly histograms: readonly Readonly<Record<number, number>>[];
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

export const NO_ENVELOPE: ArrivalEnvelope = { recent: [], slots: 0, histograms: WINDOWS_SECONDS.map(() => ({})) };

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
  let { recent, lastSlotMs } = envelope;
  for (const { startMs, count } of fresh) {
    const missing = lastSlotMs === undefined ? 0 : Math.round((startMs - lastSlotMs) / SLOT_MS) - 1;
    const past = missing >= LONGEST_SLOTS ? [] : [...recent, ...Array<number>(Math.max(0, missing)).fill(0)];
    recent = [...past, count].slice(-LONGEST_SLOTS);
    lastSlotMs = startMs;
    for (const [i, arrivals] of windowCounts(recent).entries()) {
      if (arrivals === undefined) continue;
      const key = roundUp(arrivals);
      histograms[i]![key] = (histograms[i]![key] ?? 0) + 1;
    }
  }
  return { recent, lastSlotMs: lastSlotMs!, slots: envelope.slots * fade + fresh.length, histograms };
}

/** Arrivals in each of the windows that end now; `undefined` where the past does not reach far enough back. */
export function windowCounts(recent: readonly number[]): (number | undefined)[] {
  return WINDOWS_SECONDS.map((seconds) => {
    const slots = seconds / 10;
    return recent.length < slots ? undefined : recent.slice(-slots).reduce((sum, count) => sum + count, 0);
  });
}

/** P99 of the arrivals in each window; `undefined` while less than an hour is known. */
export function usualArrivals(envelope: ArrivalEnvelope): (number | undefined)[] {
  if (envelope.slots < MIN_SLOTS) return WINDOWS_SECONDS.map(() => undefined);
  return envelope.histograms.map(histogramQuantile);
}

function histogramQuantile(histogram: Readonly<Record<number, number>>): number | undefined {
  // Keys that are whole numbers come in ascending order.
  const entries = Object.entries(histogram);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  for (const [count, weight] of entries) {
    below += weight;
    if (below >= USUAL_QUANTILE * total) return Number(count);
  }
  return undefined;
}

function fadeHistogram(histogram: Readonly<Record<number, number>>, fade: number): Record<number, number> {
  const faded: Record<number, number> = {};
  for (const count in histogram) {
    const weight = histogram[count]! * fade;
    if (weight > NEGLIGIBLE) faded[count] = weight;
  }
  return faded;
}

/** To two digits: at most 90 different numbers for each power of ten. */
function roundUp(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / unit) * unit;
}
