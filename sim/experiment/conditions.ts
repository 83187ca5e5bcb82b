import type { CellRun, Experiment } from './experiment';
import type { Condition, ResultRow } from './result';

/** By how much the static fleet of equal spend may cost less than the modular deployment. */
const SPEND_TOLERANCE = 0.02;

/** What both sides share, each looked up in what the runs report. */
export function conditionsOf(
  { scenario, seeds, fleets }: Experiment,
  runs: readonly CellRun[],
  rows: readonly ResultRow[],
  codes: readonly string[],
): Condition[] {
  const bySeed = seeds.map((seed) => new Set(runs.filter(({ row }) => row.seed === seed).map((run) => run.requests)));
  const counts = seeds.map((seed) => new Set(rows.filter((row) => row.seed === seed).map(({ requests }) => requests)));
  const components = Object.entries(scenario.world.components).filter(([, { kind }]) => kind === 'inference-component');
  const configurations = distinct(runs.map(({ configuration }) => configuration));
  const misworked = runs.reduce((sum, run) => sum + run.misworked, 0);
  const spend = (cell: string) => mean(rows.filter((row) => row.cell === cell).map(({ costUsd }) => costUsd));
  const lacking = spend('modular') / spend('static@isocost') - 1;
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
      name: 'every request of the scored span counts, failed and abandoned ones as misses of the objective',
      value: `${[...counts[0]!].join(', ')} requests of the first seed`,
      holds: counts.every(({ size }) => size === 1),
    },
    {
      name: 'same agent, models, instances, prices, time limits, retries and objective',
      value: configurations.join(', '),
      holds: configurations.length === 1,
    },
    { name: 'same code in every process that ran a part', value: codes.join(', '), holds: codes.length === 1 },
    {
      name: 'sized or tuned on the training span, scored on the rest',
      value: `days 1 to ${scenario.trainingDays} of ${scenario.workload.days}; fleets sized on a workload that is not scored`,
      holds: scenario.trainingDays > 0 && scenario.trainingDays < scenario.workload.days && !seeds.includes(0),
    },
    {
      name: 'both sides begin warm, with at least one copy of every component',
      value: components.map(([name]) => name).join(', '),
      holds: Object.values(fleets).every((copies) => components.every(([name]) => (copies[name] ?? 0) >= 1)),
    },
    {
      name: 'at equal spend, static spends no less than modular',
      value: Number.isFinite(lacking) ? `modular spends ${(lacking * 100).toFixed(1)} % against it` : 'not run',
      holds: !(lacking > SPEND_TOLERANCE),
    },
  ];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
