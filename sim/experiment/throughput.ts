import { maximumSustainable } from '../bounds/bisect';
import type { WorldModel } from '../world/world-model';
import { cellNamed } from './cells';
import { type Experiment, runCell } from './experiment';
import { type FixedCopies, usdPerHourOf } from './fixed-copies';
import { SHARE_IN_TIME } from './objective';
import type { ThroughputRow } from './result';

/** Seeds that all have to meet the objective. */
const SEEDS = 3;

/** The cells whose sustainable throughput is searched; both sides have the hardware of the static fleet of equal spend. */
export const THROUGHPUT_CELLS = ['static sequential', 'static@isocost', 'modular parallel', 'modular'] as const;

const RATE_TOLERANCE = 0.02;

/** Of the scenario's rate. */
const MOST_FACTOR = 64;

/**
 * The highest mean rate, by the same daily shape and bursts, at which 95 % of the requests meet the objective for every
 * seed, on the instances of `static@isocost`: open loop, found by bisection.
 */
export async function sustainableRps(experiment: Experiment, cell: string): Promise<number> {
  const { scenario, fleets } = experiment;
  const most = instancesOf(experiment, fleets.isocost);
  const limited = { ...fleets, p95: fleets.isocost };
  const world = withAtMost(scenario.world, most);
  const at = (factor: number): Experiment => ({
    ...experiment,
    fleets: limited,
    scenario: {
      ...scenario,
      world,
      workload: { ...scenario.workload, meanRatePerSecond: scenario.workload.meanRatePerSecond * factor },
    },
  });
  const { met } = await maximumSustainable(
    (factor) =>
      experiment.seeds
        .slice(0, SEEDS)
        .every((seed) => runCell(at(factor), cellNamed(cell), seed).row.attainment >= SHARE_IN_TIME),
    { low: 0.1, high: MOST_FACTOR, tolerance: RATE_TOLERANCE },
  );
  return (met ?? 0) * scenario.workload.meanRatePerSecond;
}

export function throughputRows(rates: readonly { readonly cell: string; readonly rps: number }[]): ThroughputRow[] {
  const first = rates[0]?.rps ?? 0;
  return rates.map(({ cell, rps }) => ({
    cell,
    sustainableRps: rps,
    ratio: first > 0 ? rps / first : 0,
    at: 'the instances of static@isocost',
  }));
}

/** The instances that a fixed fleet takes, of the type that its fleet prefers. */
function instancesOf({ scenario }: Experiment, copies: FixedCopies): number {
  const [fleet] = Object.values(scenario.world.fleets);
  return Math.round(usdPerHourOf(scenario, copies) / fleet!.instances[0]!.pricePerHourUsd);
}

function withAtMost(world: WorldModel, maxInstances: number): WorldModel {
  const fleets = Object.entries(world.fleets).map(([name, fleet]) => [name, { ...fleet, maxInstances }]);
  return { ...world, fleets: Object.fromEntries(fleets) };
}
