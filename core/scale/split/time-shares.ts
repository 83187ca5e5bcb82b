import { requirePositive } from '../numbers';

/**
 * Share of the time that runs spend in each component. Where a planner makes each run's graph, the shares are stable
 * although the graphs are not (Scepsy, arXiv 2604.15186).
 *
 * @param runs for each run the time spent in each component
 */
export function timeShares(runs: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const run of runs) {
    for (const [component, ms] of Object.entries(run)) totals.set(component, (totals.get(component) ?? 0) + ms);
  }
  const total = [...totals.values()].reduce((sum, ms) => sum + ms, 0);
  if (!(total > 0)) throw new RangeError('shares of time need at least one run that took time, got none');
  return new Map([...totals].map(([component, ms]) => [component, ms / total]));
}

/** Objective of each component by its share; `kappa` is the calibration factor, 1 while unknown. */
export function splitByShares(
  shares: ReadonlyMap<string, number>,
  objectiveMs: number,
  kappa: number,
): ReadonlyMap<string, number> {
  requirePositive('objectiveMs', objectiveMs);
  requirePositive('kappa', kappa);
  return new Map([...shares].map(([component, share]) => [component, share * objectiveMs * kappa]));
}
