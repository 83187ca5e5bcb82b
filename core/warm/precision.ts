import { DAY_MS, decayOf } from './decay';

/** How many warm-ups were called before they ended, older ones counting less. */
export interface Precision {
  readonly used: number;
  readonly wasted: number;
  /** Since when too few were. */
  readonly lowSinceMs?: number;
  /** When it was last brought up to date. */
  readonly atMs: number;
}

export const NO_PRECISION: Precision = { used: 0, wasted: 0, atMs: 0 };

const LOWEST = 0.3;
const HALF_LIFE_MS = DAY_MS;

/** Fewer say nothing. */
const MIN_WARMS = 5;

/** How long precision may be low, and for how long warming is then off. */
const PATIENCE_MS = DAY_MS;

export function countWarm(precision: Precision, wasUsed: boolean, nowMs: number): Precision {
  const current = recover(precision, nowMs);
  const kept = decayOf(nowMs - current.atMs, HALF_LIFE_MS);
  const used = kept * current.used + (wasUsed ? 1 : 0);
  const wasted = kept * current.wasted + (wasUsed ? 0 : 1);
  const atMs = Math.max(nowMs, current.atMs);
  const isLow = used < LOWEST * (used + wasted);
  if (!isLow || (current.lowSinceMs === undefined && used + wasted < MIN_WARMS)) return { used, wasted, atMs };
  return { used, wasted, atMs, lowSinceMs: current.lowSinceMs ?? nowMs };
}

/** Whether warming is off because precision has been below 30 % for a day; on again, and judged afresh, after another. */
export function isSwitchedOff({ lowSinceMs }: Precision, nowMs: number): boolean {
  return lowSinceMs !== undefined && nowMs >= lowSinceMs + PATIENCE_MS && nowMs < lowSinceMs + 2 * PATIENCE_MS;
}

function recover(precision: Precision, nowMs: number): Precision {
  const { lowSinceMs } = precision;
  return lowSinceMs !== undefined && nowMs >= lowSinceMs + 2 * PATIENCE_MS
    ? { ...NO_PRECISION, atMs: nowMs }
    : precision;
}
