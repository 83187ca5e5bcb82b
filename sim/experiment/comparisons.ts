import { holmAdjusted } from '../statistics/holm';
import { pairedRatio } from '../statistics/paired';
import { LEAST_FOR_MEDIAN, medianRatio } from '../statistics/ranks';
import { MODULAR_CELL } from './cells';
import { meetsObjective } from './objective';
import type { CellSummary, Comparison, ResultRow } from './result';

interface Planned extends Pick<Comparison, 'name' | 'against' | 'mechanism'> {
  readonly on: 'p95Ms' | 'costUsd';
  /** What is equal: both sides meet the objective, or modular spends no more than the other. */
  readonly atEqual?: 'objective' | 'spend';
}

/** What is compared; the first two were chosen before any run, and stand alone. */
const COMPARISONS: readonly Planned[] = [
  {
    name: 'cost at equal objective',
    against: 'static@best',
    on: 'costUsd',
    atEqual: 'objective',
    mechanism: 'copies follow the load, against the smallest static fleet that meets the objective with hindsight',
  },
  {
    name: 'P95 at equal spend',
    against: 'static@isocost',
    on: 'p95Ms',
    atEqual: 'spend',
    mechanism: 'copies are there when the load is, against as much money spent evenly',
  },
  { name: 'cost beside static for peak', against: 'static@peak', on: 'costUsd', mechanism: 'no idle copies off peak' },
  { name: 'cost beside static for P99', against: 'static@p99', on: 'costUsd', mechanism: 'no idle copies off peak' },
  { name: 'cost beside static for P95', against: 'static@p95', on: 'costUsd', mechanism: 'no idle copies off peak' },
  { name: 'P95 beside static for mean', against: 'static@mean', on: 'p95Ms', mechanism: 'no queues at peaks' },
  {
    name: 'P95 beside static for P95, sequential',
    against: 'static sequential',
    on: 'p95Ms',
    mechanism: 'parallel branches as well as capacity that follows the load',
  },
  {
    name: 'cost beside plain target tracking',
    against: 'modular parallel',
    on: 'costUsd',
    mechanism: 'the tuner moves targets to what the objective allows',
  },
  {
    name: 'P95 beside plain target tracking',
    against: 'modular parallel',
    on: 'p95Ms',
    mechanism: 'the tuner and the warmer',
  },
  ...beside('trained target tracking', 'tracking@trained', {
    atEqual: 'objective',
    mechanism: 'targets, floors and warm-ups that follow what is seen, against targets set once',
  }),
  ...beside('Kubernetes HPA', 'hpa', { mechanism: 'another rule on the same metric' }),
  ...beside('Knative KPA', 'kpa', { mechanism: 'another rule on the same metric' }),
];

/** What it costs, at terms that may have to be equal, and how fast it is. */
function beside(
  title: string,
  against: string,
  { mechanism, atEqual }: Pick<Planned, 'mechanism' | 'atEqual'>,
): Planned[] {
  return [
    { name: `cost beside ${title}`, against, on: 'costUsd', mechanism, ...(atEqual && { atEqual }) },
    { name: `P95 beside ${title}`, against, on: 'p95Ms', mechanism },
  ];
}

/** Of the cells that are there. @param rowsOf a cell, in the order of the seeds */
export function comparisonsOf(
  cells: readonly CellSummary[],
  rowsOf: (cell: string) => readonly ResultRow[],
): Comparison[] {
  const byName = new Map(cells.map((cell) => [cell.cell, cell]));
  const of = byName.get(MODULAR_CELL);
  const made = COMPARISONS.flatMap((planned, at) => {
    const against = byName.get(planned.against);
    if (!of || !against) return [];
    const compared = compare(planned, rowsOf(MODULAR_CELL), rowsOf(planned.against));
    const unequal = unequalTerms(planned, of, against, compared.winner);
    return [{ ...compared, unequal, winner: unequal === null ? compared.winner : null, isPrimary: at < 2 }];
  });
  const others = made.filter(({ isPrimary }) => !isPrimary);
  const adjusted = holmAdjusted(others.map(({ pValue }) => pValue));
  return made.map((each) => (each.isPrimary ? each : { ...each, pValue: adjusted[others.indexOf(each)]! }));
}

/** What is spent more than that is no equal spend. */
const SPEND_TOLERANCE = 0.02;

/** A static fleet comes in whole instances and is given at least the spend of modular: the rest is to its favour. */
function unequalTerms({ atEqual }: Planned, of: CellSummary, against: CellSummary, better: string | null) {
  if (atEqual === 'objective') {
    const missing = [of, against].filter((cell) => !meetsObjective(cell)).map(({ cell }) => cell);
    if (missing.length === 0) return null;
    return `${missing.join(' and ')} ${missing.length === 1 ? 'misses' : 'miss'} the objective`;
  }
  if (atEqual === undefined || better !== of.cell) return null;
  const more = of.costUsd.mean / against.costUsd.mean - 1;
  return more > SPEND_TOLERANCE ? `${of.cell} spends ${(more * 100).toFixed(1)} % more than ${against.cell}` : null;
}

/** By means where each seed has a value on both sides, else by ranks: the worst seeds are the last to leave out. */
function compare(
  { name, against, on, mechanism }: Planned,
  modular: readonly ResultRow[],
  other: readonly ResultRow[],
): Omit<Comparison, 'isPrimary' | 'unequal'> {
  const values = (rows: readonly ResultRow[]) => rows.map((row) => row[on] ?? Infinity);
  const unreached = (rows: readonly ResultRow[]) => rows.filter((row) => row[on] === null).length;
  const [ofValues, againstValues] = [values(modular), values(other)];
  const isReached = unreached(modular) + unreached(other) === 0;
  const { mean, low, high, pValue } = (isReached ? pairedRatio : medianRatio)(ofValues, againstValues);
  const isBounded = modular.length >= (isReached ? 2 : LEAST_FOR_MEDIAN);
  const better = low > 1 ? against : high < 1 ? MODULAR_CELL : null;
  return {
    name,
    of: MODULAR_CELL,
    against,
    statistic: isReached ? 'mean' : 'median',
    change: changeOf(isBounded ? { mean, low, high } : { mean, low: mean, high: mean }),
    isBounded,
    bySeed: ofValues.map((value, seed) => finite(changeBetween(value, againstValues[seed]!))),
    unreached: { of: unreached(modular), against: unreached(other) },
    winner: isBounded ? better : null,
    pValue,
    mechanism,
  };
}

/** JSON has no infinity. */
function changeOf({ mean, low, high }: { mean: number; low: number; high: number }): Comparison['change'] {
  return Number.isFinite(mean + low + high) ? { mean: mean - 1, low: low - 1, high: high - 1 } : null;
}

const changeBetween = (of: number, against: number) => (of === against ? 0 : of / against - 1);

const finite = (value: number) => (Number.isFinite(value) ? value : null);
