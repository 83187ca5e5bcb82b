import {
  type BudgetPath,
  checkStages,
  loadBudgetMs,
  type ObjectiveSplit,
  type Stage,
  stageWeight,
  toSplitStage,
} from './stage';

const MAX_ITERATIONS = 200;

/** Relative change of the multipliers at which the ascent has arrived. */
const TOLERANCE = 1e-9;

/**
 * The split over a general graph that needs the cheapest copies: every path keeps its budget, and no stage could take
 * longer without breaking one.
 *
 * Dual ascent on one multiplier per path. Steps are multiplicative, which needs no step size: for a single path the first
 * one is exact. What the last iterate leaves of the budgets is given to the stages afterwards. Where a load factor
 * is unknown, all stages get shares proportional to their light P95.
 *
 * @throws InfeasibleObjectiveError if the stages of a path at light load take its whole budget.
 * @throws RangeError if a stage lies on no path, or a path names an unknown stage.
 */
export function splitPaths(stages: readonly Stage[], paths: readonly BudgetPath[]): ObjectiveSplit {
  checkStages(stages);
  checkPaths(stages, paths);
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  const loadBudgets = paths.map((path) => loadBudgetMs(path, byId));
  const indexes = new Map(stages.map(({ id }, i) => [id, i]));
  const members = paths.map((path) => path.stages.map((id) => indexes.get(id)!));

  const known = stages.every(({ loadFactor }) => loadFactor !== undefined);
  const loads = known
    ? cheapestLoads(stages.map(stageWeight), members, loadBudgets)
    : proportionalLoads(stages, members, loadBudgets);
  fitInto(loads, members, loadBudgets);
  return new Map(stages.map((stage, i) => [stage.id, toSplitStage(stage, stage.lightP95Ms + loads[i]!)]));
}

/** Milliseconds of load of each stage, from the multipliers of its paths. */
function cheapestLoads(
  weights: readonly number[],
  members: readonly (readonly number[])[],
  loadBudgets: readonly number[],
): number[] {
  let multipliers = members.map((path, p) => (sum(path, weights) / loadBudgets[p]!) ** 2);
  let loads = loadsOf(weights, members, multipliers);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const next = multipliers.map((mu, p) => mu * (sum(members[p]!, loads) / loadBudgets[p]!) ** 2);
    const change = Math.max(...next.map((mu, p) => Math.abs(mu - multipliers[p]!) / (multipliers[p]! || 1)));
    multipliers = next;
    loads = loadsOf(weights, members, multipliers);
    if (change < TOLERANCE) break;
  }
  return loads;
}

function loadsOf(
  weights: readonly number[],
  members: readonly (readonly number[])[],
  multipliers: readonly number[],
): number[] {
  const prices = weights.map(() => 0);
  for (const [p, path] of members.entries()) for (const stage of path) prices[stage]! += multipliers[p]!;
  return weights.map((weight, i) => (weight === 0 ? 0 : weight / Math.sqrt(prices[i]!)));
}

/** Each stage grows by the same factor as its tightest path allows. */
function proportionalLoads(
  stages: readonly Stage[],
  members: readonly (readonly number[])[],
  loadBudgets: readonly number[],
): number[] {
  const light = stages.map(({ lightP95Ms }) => lightP95Ms);
  const factors = light.map(() => Infinity);
  for (const [p, path] of members.entries()) {
    const growth = loadBudgets[p]! / sum(path, light);
    for (const stage of path) factors[stage] = Math.min(factors[stage]!, growth);
  }
  return light.map((ms, i) => (ms === 0 ? 0 : ms * factors[i]!));
}

/** Shrinks the stages of paths that exceed their budget, then lets every stage take what all of its paths have left. */
function fitInto(loads: number[], members: readonly (readonly number[])[], loadBudgets: readonly number[]): void {
  for (const [p, path] of members.entries()) {
    const excess = sum(path, loads) / loadBudgets[p]!;
    if (excess > 1) for (const stage of path) loads[stage]! /= excess;
  }
  for (let stage = 0; stage < loads.length; stage++) {
    let left = Infinity;
    for (const [p, path] of members.entries()) {
      if (path.includes(stage)) left = Math.min(left, loadBudgets[p]! - sum(path, loads));
    }
    loads[stage]! += Math.max(0, left);
  }
}

function sum(path: readonly number[], values: readonly number[]): number {
  return path.reduce((total, stage) => total + values[stage]!, 0);
}

function checkPaths(stages: readonly Stage[], paths: readonly BudgetPath[]): void {
  const onPath = new Set(paths.flatMap((path) => path.stages));
  const ids = new Set(stages.map(({ id }) => id));
  for (const id of ids) if (!onPath.has(id)) throw new RangeError(`stage '${id}' lies on no path`);
  for (const id of onPath) if (!ids.has(id)) throw new RangeError(`a path names the unknown stage '${id}'`);
}
