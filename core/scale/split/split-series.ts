import { checkStages, loadBudgetMs, type ObjectiveSplit, type Stage, stageWeight, toSplitStage } from './stage';

/**
 * The split of a budget over stages in series that needs the cheapest copies.
 *
 * Where the load factor of a stage is unknown, all stages get shares proportional to their light P95. The optimum is the
 * closed form of the Karush-Kuhn-Tucker conditions, as in Erms (ASPLOS '23) and Parslo (SoCC '21).
 *
 * @throws InfeasibleObjectiveError if the stages at light load take the whole budget.
 */
export function splitSeries(stages: readonly Stage[], budgetMs: number): ObjectiveSplit {
  checkStages(stages);
  const path = { stages: stages.map(({ id }) => id), budgetMs };
  const loadMs = loadBudgetMs(path, new Map(stages.map((stage) => [stage.id, stage])));
  const shares = loadShares(stages);
  return new Map(stages.map((stage, i) => [stage.id, toSplitStage(stage, stage.lightP95Ms + shares[i]! * loadMs)]));
}

function loadShares(stages: readonly Stage[]): readonly number[] {
  const known = stages.every(({ loadFactor }) => loadFactor !== undefined);
  const weights = known ? stages.map(stageWeight) : stages.map(({ lightP95Ms }) => lightP95Ms);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length));
}
