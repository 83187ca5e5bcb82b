import { quantile } from './numbers';

/** Until the first start was seen: an 8B model on a new instance took 258 s (AWS launch post of container caching, 2026). */
export const UNSEEN_SECONDS = 300;

/** So many of the last starts count. */
export const STARTS_KEPT = 50;

/** What is usual of the times from the start of a copy until it serves. */
export function readySeconds(starts: readonly number[]): { readonly p75: number; readonly p90: number } {
  if (starts.length === 0) return { p75: UNSEEN_SECONDS, p90: UNSEEN_SECONDS };
  return { p75: quantile(starts, 0.75), p90: quantile(starts, 0.9) };
}
