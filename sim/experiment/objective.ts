import type { CellSummary } from './result';

/** An objective on the P95 leaves one request in twenty to be late, or to fail. */
export const SHARE_IN_TIME = 0.95;

/**
 * Whether a cell meets the objective over all seeds: at least 95 % of the requests end within it.
 *
 * Of one run that says the same as its P95. Over several it is the better measure: a run in which more requests failed
 * has no P95, but has a share; and one seed of overload, in which latencies grow without end, does not outweigh all others.
 */
export function meetsObjective({ attainment }: Pick<CellSummary, 'attainment'>): boolean {
  return attainment.mean >= SHARE_IN_TIME;
}
