import { maximumSustainable } from '../../sim/bounds/bisect.ts';
import { type Cell, cellNamed, MODULAR_CELL, policiesOf } from '../../sim/experiment/cells.ts';
import { scoredHours } from '../../sim/experiment/experiment.ts';
import { type FixedCopies, usdPerHourOf } from '../../sim/experiment/fixed-copies.ts';
import type { ResultRow } from '../../sim/experiment/result.ts';
import type { Scenario } from '../../sim/experiment/scenario.ts';
import { score } from '../../sim/experiment/score.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import { staticFor } from '../../sim/experiment/static-fleets.ts';
import { DAY_US } from '../../sim/kernel/time-units.ts';
import { SCENARIOS } from '../../sim/scenarios/index.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';

/** Of one seed: the highest rates at which 95 % of the requests are in time, both for what the static fleet costs. */
export interface ThroughputFigures {
  readonly scenario: string;
  readonly seed: number;
  readonly fleet: FixedCopies;
  readonly fleetUsd: number;
  /** Of modular, at the rate of the scenario. */
  readonly modularUsd: number;
  readonly staticRps: number;
  readonly modularRps: number;
  /** What ends it: the money, or the objective. */
  readonly modularEndsBy: 'spend' | 'objective';
}

const IN_TIME_SHARE = 0.95;
const RATE_TOLERANCE = 0.03;

/** Of the rate of the scenario. */
const LEAST_FACTOR = 0.25;
const MOST_FACTOR = 1024;

/** After so long a fixed fleet is as busy as if it had always run. */
const FILLING_US = 3600e6;

/** Of a workload that is not scored. */
const SIZING_SEED = 0;

/**
 * Throughput at the objective and equal spend: the static fleet is the smallest that costs at least as much as modular does
 * at the rate of the scenario, and modular may spend as much as that fleet costs. Same shape of the load, open loop.
 */
export async function measureThroughput(name: string, seed: number): Promise<ThroughputFigures> {
  const scenario = SCENARIOS[name]!;
  const modular = cellNamed(MODULAR_CELL);
  const atScenario = modularAt(scenario, modular, seed, 1);
  const fleet = staticFor(scenario, atScenario.costUsd / scoredHours(scenario), SIZING_SEED);
  const fleetUsd = usdPerHourOf(scenario, fleet) * scoredHours(scenario);

  const search = (low: number, meets: (factor: number) => boolean) =>
    maximumSustainable(meets, { low, high: MOST_FACTOR, tolerance: RATE_TOLERANCE });
  const ofStatic = await search(
    LEAST_FACTOR,
    (factor) => staticAt(scenario, fleet, seed, factor).attainment >= IN_TIME_SHARE,
  );
  let modularEndsBy: ThroughputFigures['modularEndsBy'] = 'spend';
  // At the rate of the scenario it spends no more than the fleet by construction.
  const lowest = atScenario.attainment >= IN_TIME_SHARE ? 1 : LEAST_FACTOR;
  const ofModular = await search(lowest, (factor) => {
    const { attainment, costUsd } = factor === 1 ? atScenario : modularAt(scenario, modular, seed, factor);
    if (attainment >= IN_TIME_SHARE && costUsd <= fleetUsd) return true;
    modularEndsBy = costUsd > fleetUsd ? 'spend' : 'objective';
    return false;
  });
  const { meanRatePerSecond } = scenario.workload;
  return {
    scenario: name,
    seed,
    fleet,
    fleetUsd,
    modularUsd: atScenario.costUsd,
    staticRps: (ofStatic.met ?? 0) * meanRatePerSecond,
    modularRps: (ofModular.met ?? 0) * meanRatePerSecond,
    modularEndsBy,
  };
}

type Figures = Pick<ResultRow, 'attainment' | 'costUsd'>;

function modularAt(scenario: Scenario, cell: Cell, seed: number, factor: number): Figures {
  const names = Object.keys(scenario.world.components);
  const initialCopies = Object.fromEntries(names.map((component) => [component, 1]));
  return run(scenario, seed, factor, { policies: policiesOf(cell), initialCopies });
}

function staticAt(scenario: Scenario, fixedCopies: FixedCopies, seed: number, factor: number): Figures {
  const startUs = Math.max(0, scenario.trainingDays * DAY_US - FILLING_US);
  return run(scenario, seed, factor, { fixedCopies, startUs });
}

function run(
  scenario: Scenario,
  seed: number,
  factor: number,
  capacity: Partial<Parameters<typeof simulate>[0]>,
): Figures {
  const { workload, world, trainingDays, objective } = scenario;
  const requests = synthesize({ ...workload, meanRatePerSecond: workload.meanRatePerSecond * factor }, seed);
  const scoreFromUs = trainingDays * DAY_US;
  const outcome = simulate({ scenario, world, requests, seed, scoreFromUs, ...capacity });
  return score(outcome, requests.durationUs - scoreFromUs, objective.p95Ms).row;
}
