import { efficiency, recoveredShare } from '../bounds/optimality';
import { confidenceInterval, type Interval } from '../statistics/interval';
import { CELLS, type Cell, keyOf } from './cells';
import { comparisonsOf } from './comparisons';
import { effectsOf } from './effects';
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

/**
 * @param runs of every task; a cell without all of its seeds is left out
 * @param bounds means over the same seeds
 */
export function summarize(experiment: Experiment, runs: readonly CellRun[], bounds: BoundsSummary): Findings {
  const bySeeds = collect(experiment, runs);
  const complete = CELLS.filter(({ cell }) => bySeeds.has(cell));
  const rowsOf = (cell: string) => bySeeds.get(cell)!.map(({ row }) => row);
  const baseline = bySeeds.has(BASELINE) ? meanP95Ms(rowsOf(BASELINE)) : null;
  const cells = complete.map((cell) => summarizeCell(cell, bySeeds.get(cell.cell)!, bounds, baseline));
  return {
    rows: complete.flatMap(({ cell }) => rowsOf(cell)),
    cells,
    effects: effectsOf(complete, rowsOf),
    comparisons: comparisonsOf(cells, rowsOf),
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
