import { Timeline } from '../kernel/timeline';
import { mean } from '../statistics/moments';
import { World } from '../world/world';
import { MODULAR_CELL, STATIC_FLEETS } from './cells';
import { type CellRun, type Experiment, scoredHours } from './experiment';
import type { FixedCopies } from './fixed-copies';
import { SIZING_SEED } from './preparation';
import type { Condition, ResultRow } from './result';
import type { Scenario } from './scenario';

/** What both sides share, each looked up in what the runs report. */
export function conditionsOf(
  experiment: Experiment,
  runs: readonly CellRun[],
  rows: readonly ResultRow[],
  codes: readonly string[],
): Condition[] {
  const { seeds } = experiment;
  const bySeed = seeds.map((seed) => new Set(runs.filter(({ row }) => row.seed === seed).map((run) => run.requests)));
  const configurations = [...new Set(runs.map(({ configuration }) => configuration))];
  const misworked = runs.reduce((sum, run) => sum + run.misworked, 0);
  const uncounted = runs.filter(({ row, due }) => row.requests !== due);
  return [
    {
      name: 'every cell of a seed gets the same requests: arrivals in microseconds, tokens',
      value: [...bySeed[0]!].join(', '),
      holds: bySeed.every(({ size }) => size === 1),
    },
    {
      name: 'every answered request did exactly the work that is drawn from its number alone, whatever the policy',
      value: `${misworked} did other work`,
      holds: misworked === 0,
    },
    {
      name: 'every request that came in the scored span counts, failed and abandoned ones as misses of the objective',
      value: `${runs[0]?.due ?? 0} requests of the first seed; ${nameRuns(uncounted, 'no run lost or added any')}`,
      holds: uncounted.length === 0,
    },
    {
      name: 'what ran had the same agent, models, instances, prices, limits, retries and objective',
      value: configurations.join(', '),
      holds: configurations.length === 1,
    },
    { name: 'same code in every process that ran a part', value: codes.join(', '), holds: codes.length === 1 },
    trainedApart(experiment),
    beganWarm(experiment, runs),
    withinLimits(experiment),
    equalSpend(experiment, rows),
  ];
}

/** Hindsight is of one seed; only the clairvoyant, which is no side, knows them all. */
function trainedApart({ scenario: { trainingDays, workload }, seeds }: Experiment): Condition {
  return {
    name: 'sized or tuned on the training span, scored on the rest; hindsight for static and the clairvoyant alone',
    value:
      `trained on the first ${trainingDays} of ${workload.days} days; static@peak, @p99, @p95 and @mean and what has trained targets by seed ` +
      `${SIZING_SEED}, which is not scored; static@best and @isocost by the scored span of seed ${seeds[0]}`,
    holds: trainingDays > 0 && trainingDays < workload.days && !seeds.includes(SIZING_SEED),
  };
}

function beganWarm({ scenario }: Experiment, runs: readonly CellRun[]): Condition {
  const models = Object.entries(scenario.world.components).flatMap(([name, { kind }]) => (kind === 'tool' ? [] : name));
  const cold = runs.filter(({ warmAtStart }) => models.some((name) => !((warmAtStart[name] ?? 0) >= 1)));
  return {
    name: 'every run begins warm, with at least one copy of every model in service',
    value: `${models.join(', ')}; ${nameRuns(cold, 'none began cold')}`,
    holds: cold.length === 0,
  };
}

/** A quota binds whoever rents. */
function withinLimits({ scenario, fleets }: Experiment): Condition {
  const found = STATIC_FLEETS.map((fleet) => ({ fleet, excesses: excessesOf(scenario, fleets[fleet]) }));
  const distinct = [...new Set(found.flatMap(({ excesses }) => excesses))];
  const beyond = distinct.map((excess) => {
    const those = found.filter(({ excesses }) => excesses.includes(excess)).map(({ fleet }) => fleet);
    return `static@${those.join(', @')}: ${excess}`;
  });
  return {
    name: 'no static fleet has more copies or instances than what scales may have',
    value: beyond.length === 0 ? 'none has' : beyond.join('; '),
    holds: beyond.length === 0,
  };
}

function excessesOf({ world }: Scenario, fixedCopies: FixedCopies): string[] {
  const built = new World(world, { timeline: new Timeline(), seed: SIZING_SEED, fixedCopies });
  const copies = Object.entries(fixedCopies).flatMap(([name, count]) => {
    const component = world.components[name];
    const most = !component || component.kind === 'tool' ? Infinity : component.scaling.maxCopies;
    return count > most ? [`${count} copies of ${name}, of which there may be ${most}`] : [];
  });
  const instances = Object.entries(world.fleets).flatMap(([name, { maxInstances }]) => {
    const count = built.fleets.get(name)!.instanceCount;
    return count > maxInstances ? [`${count} instances on ${name}, of which there may be ${maxInstances}`] : [];
  });
  return [...copies, ...instances];
}

/** Fixed fleets come in whole instances: nearer than one, their spend cannot be brought to that of another. */
function equalSpend({ scenario }: Experiment, rows: readonly ResultRow[]): Condition {
  const name = 'at equal spend, both sides spend the same to within one instance';
  const costs = (cell: string) => rows.filter((row) => row.cell === cell).map(({ costUsd }) => costUsd);
  const [modular, fixed] = [costs(MODULAR_CELL), costs('static@isocost')];
  if (modular.length === 0 || fixed.length === 0) return { name, value: 'not run', holds: true };
  const fixedUsd = mean(fixed);
  const differenceUsd = mean(modular) - fixedUsd;
  const instanceUsd = Math.max(
    ...Object.values(scenario.world.fleets).map(({ instances }) => instances[0]!.pricePerHourUsd),
  );
  const grain = (instanceUsd * scoredHours(scenario)) / fixedUsd;
  const share = differenceUsd / fixedUsd;
  const than = share < 0 ? 'less' : 'more';
  return {
    name,
    value: `modular spends ${percent(Math.abs(share))} ${than} than static; one instance is ${percent(grain)}`,
    holds: Math.abs(share) <= grain,
  };
}

function nameRuns(runs: readonly CellRun[], none: string): string {
  if (runs.length === 0) return none;
  return `not so: ${runs.map(({ row }) => `${row.cell} of seed ${row.seed}`).join(', ')}`;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
