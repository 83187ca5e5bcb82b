import { DAY_MS } from '../time-units';
import { decayOf } from './decay';

/**
 * How many warm-ups were called while their copies were there, older ones counting less.
 *
 * What one decision starts counts as one, each component as its share of it: a run whose caller never came back is one
 * mistake, whether its chain has one model or five.
 */
export interface Precision {
  readonly used: number;
  readonly wasted: number;
  /** Since when too few were. */
  readonly lowSinceMs?: number;
  /** When it was last brought up to date. */
  readonly atMs: number;
}

export const NO_PRECISION: Precision = { used: 0, wasted: 0, atMs: 0 };

/** Of what was started for runs that are there. */
const LOWEST = 0.3;

/**
 * Of what was started ahead of any run. At the default penalty one in seven pays: a start of 5 minutes, held for 20 and
 * paid for 10 more, against 250 minutes of a copy that a spared wait is worth. What is below that has forecast nothing.
 */
export const LOWEST_AHEAD = 0.1;

const HALF_LIFE_MS = DAY_MS;

/** Fewer say nothing. */
const MIN_WARMS = 5;

/** How long precision may be low, and for how long warming is then off. */
const PATIENCE_MS = DAY_MS;

/** @param share of a warm-up */
export function countWarm(
  precision: Precision,
  wasUsed: boolean,
  nowMs: number,
  lowest = LOWEST,
  share = 1,
): Precision {
  const current = recover(precision, nowMs);
  const kept = decayOf(nowMs - current.atMs, HALF_LIFE_MS);
  const used = kept * current.used + (wasUsed ? share : 0);
  const wasted = kept * current.wasted + (wasUsed ? 0 : share);
  const atMs = Math.max(nowMs, current.atMs);
  const isLow = used < lowest * (used + wasted);
  if (!isLow || (current.lowSinceMs === undefined && used + wasted < MIN_WARMS)) return { used, wasted, atMs };
  return { used, wasted, atMs, lowSinceMs: current.lowSinceMs ?? nowMs };
}

/** Whether warming is off because precision has been too low for a day; on again, and judged afresh, after another. */
export function isSwitchedOff({ lowSinceMs }: Precision, nowMs: number): boolean {
  return lowSinceMs !== undefined && nowMs >= lowSinceMs + PATIENCE_MS && nowMs < lowSinceMs + 2 * PATIENCE_MS;
}

function recover(precision: Precision, nowMs: number): Precision {
  const { lowSinceMs } = precision;
  return lowSinceMs !== undefined && nowMs >= lowSinceMs + 2 * PATIENCE_MS
    ? { ...NO_PRECISION, atMs: nowMs }
    : precision;
}
