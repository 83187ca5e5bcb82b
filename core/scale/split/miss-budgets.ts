import { type BudgetPath, type Stage, stageWeight } from './stage';

/** A P95 objective may be missed this often. */
const MISS_PROBABILITY = 0.05;

/**
 * How often each stage may miss its share so that no path misses its budget more often than its P95 allows, whatever
 * the correlation between stages (union bound). Stages whose time is dear may miss more.
 */
export function missBudgets(stages: readonly Stage[], paths: readonly BudgetPath[]): ReadonlyMap<string, number> {
  const weights = new Map(stages.map((stage) => [stage.id, stageWeight(stage)]));
  const heaviest = Math.max(...paths.map((path) => path.stages.reduce((sum, id) => sum + weights.get(id)!, 0)));
  const longest = Math.max(...paths.map((path) => path.stages.length));
  return new Map(
    stages.map(({ id }) => [id, MISS_PROBABILITY * (heaviest > 0 ? weights.get(id)! / heaviest : 1 / longest)]),
  );
}
