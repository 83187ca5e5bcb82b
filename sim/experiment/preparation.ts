import { cellNamed, MODULAR_CELL, STATIC_FLEETS, type StaticFleet, type Trained } from './cells';
import { type Experiment, type ExperimentPlan, runCell, scoredHours } from './experiment';
import type { FixedCopies } from './fixed-copies';
import { clairvoyantPolicy } from './policies/clairvoyant';
import { bestStatic, sizeStatic, staticFor } from './static-fleets';
import { type TrainedScaling, trainScaling } from './trained-scaling';

/** What is sized or trained before cells can be compared; none needs another. */
export type Preparation =
  | { readonly of: 'fleet'; readonly name: StaticFleet }
  | { readonly of: 'scaling'; readonly name: Trained };

/** What came of it; plain data. */
export type Prepared =
  | { readonly of: 'fleet'; readonly name: StaticFleet; readonly copies: FixedCopies }
  | { readonly of: 'scaling'; readonly name: Trained; readonly scaling: TrainedScaling };

const FLEETS = STATIC_FLEETS.map((name): Preparation => ({ of: 'fleet', name }));
const SCALINGS = (['tracking', 'clairvoyant'] as const).map((name): Preparation => ({ of: 'scaling', name }));

/** All of them; those that take longest come first, for whoever shares them out. */
export const PREPARATIONS: readonly Preparation[] = [...SCALINGS, ...FLEETS.toReversed()];

/** Of the workload by which both sides are sized: none of those that are scored. */
export const SIZING_SEED = 0;

/** Share of the objective that a load test aims at: the days to come are not those of the test. */
const TRAINED_FOR = 0.95;

/**
 * Sizes a static fleet, or trains the targets of what scales and does not tune itself.
 *
 * @throws NoStaticFleetError if no static fleet meets the objective.
 */
export function prepare(plan: ExperimentPlan, preparation: Preparation): Prepared {
  if (preparation.of === 'fleet') return { ...preparation, copies: sized(plan, preparation.name) };
  return { ...preparation, scaling: trained(plan, preparation.name) };
}

/** An experiment, with all that was prepared for it. */
export function experimentOf(plan: ExperimentPlan, prepared: readonly Prepared[]): Experiment {
  const fleets = prepared.flatMap((each) => (each.of === 'fleet' ? [[each.name, each.copies]] : []));
  const scalings = prepared.flatMap((each) => (each.of === 'scaling' ? [[each.name, each.scaling]] : []));
  return {
    ...plan,
    fleets: Object.fromEntries(fleets),
    ...(scalings.length > 0 && { scalings: Object.fromEntries(scalings) }),
  };
}

/** With static fleets alone: enough for cells that do not run at trained targets. @throws see `prepare` */
export function withStaticFleets(plan: ExperimentPlan): Experiment {
  return experimentOf(
    plan,
    FLEETS.map((each) => prepare(plan, each)),
  );
}

/**
 * From the training span of a workload that is not scored, with hindsight on the first seed that is, or to the spend of
 * the modular deployment there.
 */
function sized(plan: ExperimentPlan, fleet: StaticFleet): FixedCopies {
  const { scenario } = plan;
  const firstSeed = plan.seeds[0]!;
  if (fleet === 'best') return bestStatic(scenario, firstSeed);
  if (fleet !== 'isocost') return sizeStatic(scenario, fleet, SIZING_SEED);
  const { costUsd } = runCell(plan, cellNamed(MODULAR_CELL), firstSeed).row;
  return staticFor(scenario, costUsd / scoredHours(scenario), SIZING_SEED);
}

function trained({ scenario }: ExperimentPlan, name: Trained): TrainedScaling {
  const { p95Ms } = scenario.objective;
  // Who knows the future needs no margin.
  const training =
    name === 'clairvoyant'
      ? { policies: [clairvoyantPolicy()], aimMs: p95Ms }
      : { policies: [], aimMs: TRAINED_FOR * p95Ms };
  return trainScaling(scenario, training, SIZING_SEED);
}
