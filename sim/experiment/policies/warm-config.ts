import {
  type ComponentCosts,
  type CostRule,
  DEFAULT_WARM_LIMITS,
  type WarmComponent,
  type WarmConfig,
  type WarmGraph,
  type WarmLimits,
} from '../../../core/warm';
import type { PolicyContext } from '../policy';
import { copyCostsOf } from './copy-price';
import { startPathsOf, WatchedModel } from './watched-model';

export interface PrewarmOptions {
  /** How the cost of a warm-up is counted. @default 'marginal' */
  readonly costRule?: CostRule;
  /** @default those of the runtime, and no budget */
  readonly limits?: Partial<WarmLimits>;
  /** Of every model. @default that of the runtime */
  readonly delayPenaltyFactor?: ComponentCosts['delayPenaltyFactor'];
}

export function warmConfigOf(
  graph: WarmGraph,
  models: readonly WatchedModel[],
  { costRule, limits, delayPenaltyFactor }: PrewarmOptions,
  { worldModel }: PolicyContext,
): WarmConfig {
  const components = models.map(({ name, autoscaler }): [string, WarmComponent] => {
    const costs = copyCostsOf(worldModel.components[name]!, worldModel)!;
    const penalty = delayPenaltyFactor !== undefined && { delayPenaltyFactor };
    return [name, { ...costs, ...penalty, maxCopies: autoscaler.maxCopies }];
  });
  return {
    graphs: { [graph.name]: graph },
    components: Object.fromEntries(components),
    limits: { ...DEFAULT_WARM_LIMITS, hourlyBudgetUsd: Infinity, monthlyBudgetUsd: Infinity, ...limits },
    ...(costRule && { costRule }),
  };
}

/** The models that the agent calls and that scale. */
export function watchedModels({ world, worldModel, plan, components }: PolicyContext): WatchedModel[] {
  const called = new Set(plan.nodes.flatMap(({ component }) => components[component] ?? []));
  return world.models.flatMap(({ name, autoscaler, pool }) => {
    const model = worldModel.components[name]!;
    if (!autoscaler || !called.has(name) || model.kind === 'tool') return [];
    return [new WatchedModel(name, autoscaler, pool, model.scaling.minCopies, startPathsOf(model, worldModel))];
  });
}
