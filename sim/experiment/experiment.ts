import { synthesize } from '../workload/synthesize';
import { CELLS, type Cell, fixedCopiesOf, keyOf, MODULAR_CELL, policiesOf, type StaticFleet, worldOf } from './cells';
import type { Cascade, CellSeries, LatencyParts, ResultRow } from './result';
import { DAY_US, type Scenario } from './scenario';
import { score } from './score';
import { type RunOutcome, simulate } from './simulate';
import { bestStatic, type FixedCopies, sizeStatic, staticFor } from './static-fleets';

/** A scenario, the static fleets that it is compared with, and the seeds: all that a run needs, as plain data. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
  readonly fleets: Readonly<Record<StaticFleet, FixedCopies>>;
  /** Points of the time series that runs of the first seed keep. */
  readonly seriesPoints: number;
}

export interface ExperimentOptions {
  readonly seeds: number;
  readonly seriesPoints?: number;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

/** Of the workload by which both sides are sized: none of those that are scored. */
const SIZING_SEED = 0;

const DEFAULT_SERIES_POINTS = 288;

/**
 * Sizes the static fleets: from the training span of a workload that is not scored, with hindsight on the first that is,
 * and to the spend of the modular deployment there.
 *
 * @throws RangeError if no static fleet meets the objective.
 */
export function prepareExperiment(scenario: Scenario, options: ExperimentOptions): Experiment {
  const { onStep = () => {}, seriesPoints = DEFAULT_SERIES_POINTS } = options;
  const seeds = Array.from({ length: options.seeds }, (_, at) => at + 1);
  const sized = (demand: 'peak' | 'p99' | 'p95' | 'mean') => {
    onStep(`sizing static for ${demand} demand`);
    return sizeStatic(scenario, demand, SIZING_SEED);
  };
  const fleets = { peak: sized('peak'), p99: sized('p99'), p95: sized('p95'), mean: sized('mean') };
  onStep('sizing static with hindsight');
  const best = bestStatic(scenario, seeds[0]!);
  onStep('sizing static to the spend of modular');
  const known = { scenario, seeds, seriesPoints, fleets: { ...fleets, best, isocost: best } };
  const { costUsd } = runCell(known, cellNamed(MODULAR_CELL), seeds[0]!).row;
  const isocost = staticFor(scenario, costUsd / scoredHours(scenario), SIZING_SEED);
  return { ...known, fleets: { ...known.fleets, isocost } };
}

/** What one run of one cell gave; plain data. */
export interface CellRun {
  readonly row: ResultRow;
  readonly p95Parts: LatencyParts;
  /** Of the first seed only. */
  readonly series?: CellSeries;
  readonly cascade?: Cascade;
}

export function runCell(experiment: Experiment, cell: Cell, seed: number): CellRun {
  const { scenario, seeds, seriesPoints } = experiment;
  const isFirst = seed === seeds[0];
  const outcome = simulateCell(experiment, cell, seed, isFirst ? seriesPoints : undefined);
  const { row, p95Parts } = score(outcome, scoredHours(scenario) * 3600e6, scenario.objective.p95Ms);
  return {
    row: { cell: cell.cell, seed, ...row },
    p95Parts,
    ...(isFirst && outcome.series && { series: { ...outcome.series, cell: cell.cell } }),
    ...(isFirst && outcome.cascade && { cascade: { ...outcome.cascade, cell: cell.cell } }),
  };
}

function simulateCell(
  { scenario, fleets }: Experiment,
  cell: Cell,
  seed: number,
  seriesPoints: number | undefined,
): RunOutcome {
  const fixedCopies = fixedCopiesOf(cell, fleets);
  return simulate({
    scenario,
    world: worldOf(cell, scenario.world),
    requests: synthesize(scenario.workload, seed),
    seed,
    scoreFromUs: scenario.trainingDays * DAY_US,
    isSequential: cell.isSequential,
    policies: policiesOf(cell),
    ...(fixedCopies ? { fixedCopies } : { initialCopies: oneOfEach(scenario) }),
    ...(seriesPoints !== undefined && { seriesPoints }),
  });
}

/** Both sides begin warm. */
function oneOfEach({ world }: Scenario): Record<string, number> {
  return Object.fromEntries(Object.keys(world.components).map((name) => [name, 1]));
}

export function scoredHours({ workload, trainingDays }: Scenario): number {
  return (workload.days - trainingDays) * 24;
}

/** @throws Error if there is none */
export function cellNamed(name: string): Cell {
  const cell = CELLS.find((each) => each.cell === name);
  if (cell) return cell;
  throw new Error(`there is no cell ${name}; there are: ${CELLS.map((each) => each.cell).join(', ')}`);
}

/** The runs that an experiment needs: cells whose outcome is the same by construction share one. */
export function tasksOf({ seeds }: Experiment): { readonly cell: string; readonly seed: number }[] {
  const distinct = [...new Map(CELLS.map((cell) => [keyOf(cell), cell])).values()];
  return seeds.flatMap((seed) => distinct.map(({ cell }) => ({ cell, seed })));
}
