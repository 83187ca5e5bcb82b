import { partitionPoint } from '../kernel/partition-point';
import { capacityOf } from '../profiles/capacity';
import type { RequestList } from '../workload/request-list';
import { sliceDays } from '../workload/span';
import { synthesize } from '../workload/synthesize';
import type { WorldModel } from '../world/world-model';
import { componentLoads } from './component-loads';
import type { Policy } from './policy';
import type { Scenario } from './scenario';
import { score } from './score';
import { simulate } from './simulate';

/** What a load test decides of how each inference component scales. */
export type TrainedScaling = Readonly<
  Record<string, { readonly targetConcurrency: number; readonly minCopies: number }>
>;

/** For what targets are trained. */
export interface Training {
  /** That act beside the rule of each component. */
  readonly policies: readonly Policy[];
  readonly aimMs: number;
}

/**
 * Targets to try, as shares of the concurrency at which a copy's throughput hardly grows any more: each a tenth more than
 * the one before.
 */
const SHARES = Array.from({ length: 31 }, (_, step) => 0.2 * 1.1 ** step);

/**
 * The highest targets, one share of each component's knee, at which a deployment that scales reaches a P95 over the
 * training span. If none does, components that may go to zero keep a copy, but for those, the least busy first, that the
 * aim can do without; if none does then, the lowest targets.
 *
 * @param seed of a workload that is not scored
 */
export function trainScaling(scenario: Scenario, { policies, aimMs }: Training, seed: number): TrainedScaling {
  const training = sliceDays(synthesize(scenario.workload, seed), 0, scenario.trainingDays);
  const trained = trainedComponents(scenario, training, seed);
  const scalingAt = (share: number, kept: readonly string[]): TrainedScaling =>
    Object.fromEntries(
      trained.map(({ name, knee, minCopies }) => [
        name,
        {
          targetConcurrency: Math.max(1, Math.round(share * knee)),
          minCopies: kept.includes(name) ? Math.max(1, minCopies) : minCopies,
        },
      ]),
    );
  const reaches = (scaling: TrainedScaling) => p95MsOf(scenario, training, scaling, policies, seed) <= aimMs;

  const share = highest(SHARES, (each) => reaches(scalingAt(each, [])));
  if (share !== undefined) return scalingAt(share, []);
  let kept = trained.map(({ name }) => name);
  const keptShare = highest(SHARES, (each) => reaches(scalingAt(each, kept)));
  if (keptShare === undefined) return scalingAt(SHARES[0]!, kept);
  for (const { name, minCopies } of trained) {
    const fewer = kept.filter((each) => each !== name);
    if (minCopies === 0 && reaches(scalingAt(keptShare, fewer))) kept = fewer;
  }
  return scalingAt(keptShare, kept);
}

/** The world, with what was trained in place of what it says. */
export function withScaling(world: WorldModel, trained: TrainedScaling): WorldModel {
  const components = Object.entries(world.components).map(([name, component]) => [
    name,
    component.kind === 'inference-component'
      ? { ...component, scaling: { ...component.scaling, ...trained[name] } }
      : component,
  ]);
  return { ...world, components: Object.fromEntries(components) };
}

/** The inference components that requests call, the least busy first. */
function trainedComponents({ agent, world }: Scenario, training: RequestList, seed: number) {
  return componentLoads({ agent, world }, training, seed)
    .sort((a, b) => a.copySecondsPerRequest - b.copySecondsPerRequest)
    .flatMap((load) => {
      const model = world.components[load.component]!;
      if (model.kind !== 'inference-component') return [];
      const { kneeConcurrency } = capacityOf(model.copy, load);
      return [{ name: load.component, knee: kneeConcurrency, minCopies: model.scaling.minCopies }];
    });
}

/** By bisection: the higher the target, the fewer the copies and the longer the latencies. */
function highest(values: readonly number[], isGood: (value: number) => boolean): number | undefined {
  return values[partitionPoint(values.length, (at) => isGood(values[at]!)) - 1];
}

function p95MsOf(
  scenario: Scenario,
  training: RequestList,
  trained: TrainedScaling,
  policies: readonly Policy[],
  seed: number,
): number {
  const outcome = simulate({
    scenario,
    world: withScaling(scenario.world, trained),
    requests: training,
    seed,
    scoreFromUs: 0,
    initialCopies: oneOfEach(scenario),
    policies,
  });
  return score(outcome, training.durationUs, scenario.objective.p95Ms).row.p95Ms ?? Infinity;
}

/** Both sides begin warm. */
export function oneOfEach({ world }: Pick<Scenario, 'world'>): Record<string, number> {
  return Object.fromEntries(Object.keys(world.components).map((name) => [name, 1]));
}
