/**
 * Share of the time that runs spend in each component. Where a planner makes each run's graph, the shares are stable
 * although the graphs are not (Scepsy, arXiv 2604.15186).
 *
 * @param times of parts of the runs, each the time spent in each component
 */
export function timeShares(times: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const part of times) {
    for (const [component, ms] of Object.entries(part)) totals.set(component, (totals.get(component) ?? 0) + ms);
  }
  const total = [...totals.values()].reduce((sum, ms) => sum + ms, 0);
  if (!(total > 0)) throw new RangeError('shares of time need at least one run that took time, got none');
  return new Map([...totals].map(([component, ms]) => [component, ms / total]));
}
