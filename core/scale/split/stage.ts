/**
 * How the P95 of a node depends on its copies: `lightP95Ms + loadFactor * ratePerSecond / copies`.
 *
 * Of a fan-out the light P95 is that of its slowest branch: the `branchQuantile` of one.
 */
export interface Stage {
  readonly id: string;
  /** P95 at light load. */
  readonly lightP95Ms: number;
  /** Milliseconds that one call per second and copy adds; left out while it is unknown. */
  readonly loadFactor?: number;
  readonly ratePerSecond: number;
  readonly pricePerCopyHourUsd: number;
}

/** Stages one after another that share a budget: the objective less fixed overhead of the orchestration. */
export interface BudgetPath {
  readonly stages: readonly string[];
  readonly budgetMs: number;
}

export interface SplitStage {
  /** What the stage may take at P95. */
  readonly objectiveMs: number;
  /** Copies that keep it, not rounded; left out while the load factor is unknown. */
  readonly copies?: number;
}

/** By stage. */
export type ObjectiveSplit = ReadonlyMap<string, SplitStage>;

/** An objective that no number of copies meets. */
export class InfeasibleObjectiveError extends RangeError {
  override readonly name = 'InfeasibleObjectiveError';

  constructor({ stages, budgetMs }: BudgetPath, lightMs: number) {
    super(
      `objective of ${budgetMs} ms cannot be met: ${stages.join(' -> ')} takes ${lightMs} ms at light load; ` +
        'raise the objective, or use faster models or instances',
    );
  }
}

/** Cost of one millisecond of load, by the square root in which it enters the optimum. */
export function stageWeight({ id, pricePerCopyHourUsd, loadFactor, ratePerSecond }: Stage): number {
  if (loadFactor === undefined) throw new RangeError(`loadFactor of stage '${id}' is unknown`);
  return Math.sqrt(pricePerCopyHourUsd * loadFactor * ratePerSecond);
}

export function toSplitStage(stage: Stage, objectiveMs: number): SplitStage {
  const { loadFactor, ratePerSecond, lightP95Ms } = stage;
  if (loadFactor === undefined) return { objectiveMs };
  const load = loadFactor * ratePerSecond;
  return { objectiveMs, copies: load === 0 ? 0 : load / (objectiveMs - lightP95Ms) };
}

/** @throws RangeError that names the stage and the field. */
export function checkStages(stages: readonly Stage[]): void {
  for (const { id, lightP95Ms, loadFactor = 0, ratePerSecond, pricePerCopyHourUsd } of stages) {
    for (const [field, value] of Object.entries({ lightP95Ms, loadFactor, ratePerSecond, pricePerCopyHourUsd })) {
      if (!(value >= 0 && value < Infinity))
        throw new RangeError(`${field} of stage '${id}' must be 0 or more, got: ${value}`);
    }
  }
}

/** @throws InfeasibleObjectiveError if the stages of a path leave no time for load. */
export function loadBudgetMs(path: BudgetPath, byId: ReadonlyMap<string, Stage>): number {
  const lightMs = path.stages.reduce((sum, id) => sum + byId.get(id)!.lightP95Ms, 0);
  if (!(path.budgetMs > lightMs)) throw new InfeasibleObjectiveError(path, lightMs);
  return path.budgetMs - lightMs;
}
