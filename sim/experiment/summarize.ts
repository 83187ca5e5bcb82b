import { efficiency, recoveredShare } from '../bounds/optimality';
import { factorialEffects } from '../statistics/factorial';
import { holmAdjusted } from '../statistics/holm';
import { confidenceInterval, type Interval } from '../statistics/interval';
import { pairedRatio } from '../statistics/paired';
import { CELLS, type Cell, FACTORS, keyOf, MODULAR_CELL } from './cells';
import type { CellRun, Experiment } from './experiment';
import type { BoundsSummary, CellSummary, Comparison, Effect, Estimate, LatencyParts, ResultRow } from './result';

/** The results of an experiment that follow from its runs. */
export interface Findings {
  readonly rows: readonly ResultRow[];
  readonly cells: readonly CellSummary[];
  readonly effects: readonly Effect[];
  readonly comparisons: readonly Comparison[];
}

/** Whose latency the recovered share is measured against. */
const BASELINE = 'static@isocost';

/** What is compared; the first two were chosen before any run, and stand alone. */
const COMPARISONS: readonly (Pick<Comparison, 'name' | 'against' | 'mechanism'> & {
  readonly on: 'p95Ms' | 'costUsd';
})[] = [
  {
    name: 'cost at equal objective',
    against: 'static@best',
    on: 'costUsd',
    mechanism: 'copies follow the load, against the smallest static fleet that meets the objective with hindsight',
  },
  {
    name: 'P95 at equal spend',
    against: 'static@isocost',
    on: 'p95Ms',
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
  { name: 'cost beside Kubernetes HPA', against: 'hpa', on: 'costUsd', mechanism: 'another rule on the same metric' },
  { name: 'P95 beside Kubernetes HPA', against: 'hpa', on: 'p95Ms', mechanism: 'another rule on the same metric' },
  { name: 'cost beside Knative KPA', against: 'kpa', on: 'costUsd', mechanism: 'another rule on the same metric' },
  { name: 'P95 beside Knative KPA', against: 'kpa', on: 'p95Ms', mechanism: 'another rule on the same metric' },
];

/** @param runs of every task; a cell without all of its seeds is left out */
export function summarize(experiment: Experiment, runs: readonly CellRun[], bounds: BoundsSummary): Findings {
  const bySeeds = collect(experiment, runs);
  const complete = CELLS.filter(({ cell }) => bySeeds.has(cell));
  const rowsOf = (cell: string) => bySeeds.get(cell)!.map(({ row }) => row);
  const baseline = bySeeds.has(BASELINE) ? meanP95Ms(rowsOf(BASELINE)) : null;
  return {
    rows: complete.flatMap(({ cell }) => rowsOf(cell)),
    cells: complete.map((cell) => summarizeCell(cell, bySeeds.get(cell.cell)!, bounds, baseline)),
    effects: effectsOf(complete, rowsOf),
    comparisons: comparisonsOf(complete, rowsOf),
  };
}

/** The runs of each cell in the order of the seeds; cells that share runs get them all. */
function collect({ seeds, fleets }: Experiment, runs: readonly CellRun[]): ReadonlyMap<string, readonly CellRun[]> {
  const keys = new Map(CELLS.map((cell) => [cell.cell, keyOf(cell, fleets)]));
  const byKey = new Map(runs.map((run) => [`${keys.get(run.row.cell)} ${run.row.seed}`, run]));
  return new Map(
    CELLS.flatMap(({ cell }) => {
      const found = seeds.flatMap((seed) => byKey.get(`${keys.get(cell)} ${seed}`) ?? []);
      if (found.length < seeds.length) return [];
      return [[cell, found.map((run) => ({ ...run, row: { ...run.row, cell } }))] as const];
    }),
  );
}

function summarizeCell(
  { cell, title, levels, isReference }: Cell,
  runs: readonly CellRun[],
  bounds: BoundsSummary,
  baselineP95Ms: number | null,
): CellSummary {
  const rows = runs.map(({ row }) => row);
  const of = (value: (row: ResultRow) => number) => toEstimate(confidenceInterval(rows.map(value)));
  const latency = (value: (row: ResultRow) => number | null) => {
    const values = rows.map(value);
    return values.includes(null) ? null : toEstimate(confidenceInterval(values as number[]));
  };
  const costUsd = of((row) => row.costUsd);
  const p95Ms = latency((row) => row.p95Ms);
  return {
    cell,
    title,
    levels,
    isReference,
    p50Ms: latency((row) => row.p50Ms),
    p95Ms,
    p99Ms: latency((row) => row.p99Ms),
    costUsd,
    attainment: of((row) => row.attainment),
    coldShare: of((row) => row.coldShare),
    errorShare: of((row) => row.errors / Math.max(1, row.requests)),
    throughputRps: of((row) => row.throughputRps),
    instanceHours: of((row) => row.instanceHours),
    p95Parts: meanParts(runs.map(({ p95Parts }) => p95Parts)),
    efficiency: efficiency(bounds.startUpUsd, costUsd.mean),
    recovered:
      levels.capacity === 'static' || p95Ms === null || baselineP95Ms === null
        ? null
        : finite(recoveredShare({ staticP95Ms: baselineP95Ms, modularP95Ms: p95Ms.mean, boundP95Ms: bounds.p95Ms })),
  };
}

function effectsOf(cells: readonly Cell[], rowsOf: (cell: string) => ResultRow[]): Effect[] {
  const names = Object.keys(FACTORS);
  const factorial = cells.filter(({ levels }) => names.every((name) => levels[name] !== undefined));
  if (factorial.length < 2 ** names.length) return [];
  return (['p95Ms', 'costUsd'] as const).flatMap((on) => {
    const values = factorial.map(({ cell, levels }) => ({ levels, bySeed: rowsOf(cell).map((row) => row[on]) }));
    if (values.some(({ bySeed }) => bySeed.includes(null))) return [];
    return factorialEffects(FACTORS, values as { levels: Cell['levels']; bySeed: number[] }[]).map(
      ({ factors, effect }) => ({ factor: factors.join(' x '), on, estimate: toEstimate(effect) }),
    );
  });
}

function comparisonsOf(cells: readonly Cell[], rowsOf: (cell: string) => ResultRow[]): Comparison[] {
  const known = new Set(cells.map(({ cell }) => cell));
  const made = COMPARISONS.flatMap(({ name, against, on, mechanism }, at) => {
    if (!known.has(against) || !known.has(MODULAR_CELL)) return [];
    const of = rowsOf(MODULAR_CELL).map((row) => row[on]);
    const base = rowsOf(against).map((row) => row[on]);
    const pairs = of.flatMap((value, seed) => (value === null || base[seed] === null ? [] : [[value, base[seed]!]]));
    if (pairs.length === 0) return [];
    const { pValue, ...change } = pairedRatio(
      pairs.map(([value]) => value!),
      pairs.map(([, value]) => value!),
    );
    return [
      {
        name,
        isPrimary: at < 2,
        of: MODULAR_CELL,
        against,
        change: toEstimate({ mean: change.mean - 1, low: change.low - 1, high: change.high - 1 }),
        bySeed: pairs.map(([value, other]) => value! / other! - 1),
        pValue,
        mechanism,
      },
    ];
  });
  const others = made.filter(({ isPrimary }) => !isPrimary);
  const adjusted = holmAdjusted(others.map(({ pValue }) => pValue));
  return made.map((each) => (each.isPrimary ? each : { ...each, pValue: adjusted[others.indexOf(each)]! }));
}

function meanP95Ms(rows: readonly ResultRow[]): number | null {
  const values = rows.map(({ p95Ms }) => p95Ms);
  return values.includes(null) ? null : (values as number[]).reduce((sum, ms) => sum + ms, 0) / rows.length;
}

function meanParts(parts: readonly LatencyParts[]): LatencyParts {
  const mean = (part: keyof LatencyParts) => parts.reduce((sum, each) => sum + each[part], 0) / parts.length;
  return {
    queueMs: mean('queueMs'),
    serviceMs: mean('serviceMs'),
    coldMs: mean('coldMs'),
    retryMs: mean('retryMs'),
    orchestrationMs: mean('orchestrationMs'),
  };
}

/** JSON has no infinity: a single seed bounds nothing, and is shown as itself. */
function toEstimate({ mean, low, high }: Interval): Estimate {
  return Number.isFinite(low) && Number.isFinite(high) ? { mean, low, high } : { mean, low: mean, high: mean };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
