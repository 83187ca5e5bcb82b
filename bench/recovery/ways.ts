import { cellNamed, worldOf } from '../../sim/experiment/cells.ts';
import { tunerPolicy } from '../../sim/experiment/policies/tuner.ts';
import type { Scenario } from '../../sim/experiment/scenario.ts';
import type { RunSettings } from '../../sim/experiment/simulate.ts';
import { sizeStatic } from '../../sim/experiment/static-fleets.ts';
import type { WorldModel } from '../../sim/world/world-model.ts';

/** What scales copies, or how many there are for good. */
export type Way = Pick<RunSettings, 'world' | 'policies' | 'fixedCopies' | 'initialCopies'>;

/** The example of the SageMaker guide: concurrent requests per copy. */
const EXAMPLE_TARGET = 5;

/** Of a workload that is not scored. */
const SIZING_SEED = 0;

/** As it is sized from half a day of its load. */
const SIZING_DAYS = 0.5;

const KEPT = { planner: 1, writer: 1 } as const;

/**
 * The ways to scale one steady load: with what the project deploys, with what there is without it, and with fixed fleets.
 *
 * @param before the load without the step, and `during` at its height all the time
 */
export function waysOf(before: Scenario, during: Scenario): Readonly<Record<string, Way>> {
  const { world } = before;
  const scaled = (changed: WorldModel): Way => ({ world: changed, initialCopies: KEPT });
  const fixed = (scenario: Scenario): Way => ({
    world,
    fixedCopies: sizeStatic({ ...scenario, trainingDays: SIZING_DAYS }, 'peak', SIZING_SEED),
  });
  return {
    tuned: { ...scaled(world), policies: [tunerPolicy()] },
    'target tracking, 5': scaled(withTargets(world, () => EXAMPLE_TARGET)),
    'target tracking, 8': scaled(world),
    'Kubernetes HPA, 8': scaled(worldOf(cellNamed('hpa'), world)),
    'Knative KPA, 8': scaled(worldOf(cellNamed('kpa'), world)),
    'static, for the load before': fixed(before),
    'static, for the step': fixed(during),
  };
}

/** A world with other targets of its inference components. */
export function withTargets(world: WorldModel, targetOf: (component: string, present: number) => number): WorldModel {
  const components = Object.entries(world.components).map(([name, model]) => {
    if (model.kind === 'tool') return [name, model];
    const targetConcurrency = targetOf(name, model.scaling.targetConcurrency);
    return [name, { ...model, scaling: { ...model.scaling, targetConcurrency } }];
  });
  return { ...world, components: Object.fromEntries(components) };
}
