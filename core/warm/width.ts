import { DAY_MS } from '../time-units';
import { decayOf } from './decay';

/** Calls that a node made at once, older runs counting less. */
export interface WidthHistory {
  /** How many runs, as far as they still count. */
  readonly weight: number;
  readonly mean: number;
  /** When it was last brought up to date. */
  readonly atMs: number;
}

const HALF_LIFE_MS = DAY_MS;

export function addWidth(history: WidthHistory | undefined, width: number, nowMs: number): WidthHistory {
  const before = history ? decayOf(nowMs - history.atMs, HALF_LIFE_MS) * history.weight : 0;
  const mean = history?.mean ?? 0;
  const weight = before + 1;
  return { weight, mean: mean + (width - mean) / weight, atMs: Math.max(nowMs, history?.atMs ?? nowMs) };
}

/** The mean; the single call that is believed in before the first run weighs as much as one run. */
export function widthOf(history: WidthHistory | undefined, nowMs: number): number {
  if (!history) return 1;
  const seen = decayOf(nowMs - history.atMs, HALF_LIFE_MS) * history.weight;
  return Math.max(1, (1 + seen * history.mean) / (1 + seen));
}
