import { DAY_US } from '../kernel/time-units';
import { textFingerprint } from '../workload/fingerprint';
import type { RequestList } from '../workload/request-list';
import {
  CELLS,
  type Cell,
  cellNamed,
  fixedCopiesOf,
  keyOf,
  MODULAR_CELL,
  policiesOf,
  type StaticFleets,
  worldOf,
} from './cells';
import { misworked } from './misworked';
import type { Cascade, CellSeries, LatencyParts, ResultRow } from './result';
import type { Scenario } from './scenario';
import { score } from './score';
import { seedRequests } from './seed-requests';
import { type RunOutcome, simulate } from './simulate';
import { bestStatic, sizeStatic, staticFor } from './static-fleets';

/** A scenario, the static fleets that it is compared with, and the seeds: all that a run needs, as plain data. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
  readonly fleets: StaticFleets;
  /** Whether ablations are run too. */
  readonly isFull: boolean;
  /** Points of the time series that runs of the first seed keep. */
  readonly seriesPoints: number;
}

export interface ExperimentOptions {
  readonly seeds: number;
  readonly isFull?: boolean;
  readonly seriesPoints?: number;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

/** Of the workload by which both sides are sized: none of those that are scored. */
const SIZING_SEED = 0;

const DEFAULT_SERIES_POINTS = 288;

const FORGETTING_US = 6 * 3600e6;

/**
 * Sizes the static fleets: from the training span of a workload that is not scored, with hindsight on the first that is,
 * and to the spend of the modular deployment there.
 *
 * @throws NoStaticFleetError if no static fleet meets the objective.
 */
export function prepareExperiment(scenario: Scenario, options: ExperimentOptions): Experiment {
  const { onStep = () => {}, seriesPoints = DEFAULT_SERIES_POINTS, isFull = false } = options;
  const seeds = Array.from({ length: options.seeds }, (_, at) => at + 1);
  const sized = (demand: 'peak' | 'p99' | 'p95' | 'mean') => {
    onStep(`sizing static for ${demand} demand`);
    return sizeStatic(scenario, demand, SIZING_SEED);
  };
  const fleets = { peak: sized('peak'), p99: sized('p99'), p95: sized('p95'), mean: sized('mean') };
  onStep('sizing static with hindsight');
  const best = bestStatic(scenario, seeds[0]!);
  onStep('sizing static to the spend of modular');
  const known = { scenario, seeds, isFull, seriesPoints, fleets: { ...fleets, best, isocost: best } };
  const { costUsd } = runCell(known, cellNamed(MODULAR_CELL), seeds[0]!).row;
  const isocost = staticFor(scenario, costUsd / scoredHours(scenario), SIZING_SEED);
  return { ...known, fleets: { ...known.fleets, isocost } };
}

/** What one run of one cell gave; plain data. */
export interface CellRun {
  readonly row: ResultRow;
  /** Fingerprint of the requests. */
  readonly requests: string;
  /** Fingerprint of what all cells have in common: agent, objective, workload and world, but for what scales it. */
  readonly configuration: string;
  /** Answered requests that did other work than they need. */
  readonly misworked: number;
  readonly p95Parts: LatencyParts;
  /** Of the first seed only. */
  readonly series?: CellSeries;
  readonly cascade?: Cascade;
}

export function runCell(experiment: Experiment, cell: Cell, seed: number): CellRun {
  const { scenario, seeds, seriesPoints } = experiment;
  const isFirst = seed === seeds[0];
  const { requests, fingerprint, neededTokens } = seedRequests(scenario, seed);
  const outcome = simulateCell(experiment, cell, requests, seed, isFirst ? seriesPoints : undefined);
  const { row, p95Parts } = score(outcome, scoredHours(scenario) * 3600e6, scenario.objective.p95Ms);
  return {
    row: { cell: cell.cell, seed, ...row },
    requests: fingerprint,
    configuration: configurationOf(scenario, cell),
    misworked: misworked(outcome, neededTokens),
    p95Parts,
    ...(isFirst && outcome.series && { series: { ...outcome.series, cell: cell.cell } }),
    ...(isFirst && outcome.cascade && { cascade: { ...outcome.cascade, cell: cell.cell } }),
  };
}

function configurationOf({ agent, objective, workload, trainingDays, world }: Scenario, cell: Cell): string {
  const shared = JSON.stringify(
    { agent, objective, workload, trainingDays, world: worldOf(cell, world) },
    (key, value) => (key === 'rule' ? undefined : value),
  );
  return textFingerprint(shared);
}

function simulateCell(
  { scenario, fleets }: Experiment,
  cell: Cell,
  requests: RequestList,
  seed: number,
  seriesPoints: number | undefined,
): RunOutcome {
  const fixedCopies = fixedCopiesOf(cell, fleets);
  return simulate({
    scenario,
    world: worldOf(cell, scenario.world),
    requests,
    seed,
    scoreFromUs: scenario.trainingDays * DAY_US,
    startUs: startOf(cell, scenario),
    isSequential: cell.isSequential,
    policies: policiesOf(cell),
    ...(fixedCopies ? { fixedCopies } : { initialCopies: oneOfEach(scenario) }),
    ...(seriesPoints !== undefined && { seriesPoints }),
  });
}

/** What learns nothing needs no training span, only the time to forget that it began. */
function startOf({ tuned, prewarming, clairvoyant }: Cell, { trainingDays }: Scenario): number {
  const isLearning = tuned || clairvoyant || prewarming !== 'none';
  return isLearning ? 0 : Math.max(0, trainingDays * DAY_US - FORGETTING_US);
}

/** Both sides begin warm. */
function oneOfEach({ world }: Scenario): Record<string, number> {
  return Object.fromEntries(Object.keys(world.components).map((name) => [name, 1]));
}

export function scoredHours({ workload, trainingDays }: Scenario): number {
  return (workload.days - trainingDays) * 24;
}

/** One run of one cell. */
export interface CellTask {
  readonly cell: string;
  readonly seed: number;
}

/** The runs that an experiment needs: cells whose outcome is the same by construction share one. */
export function tasksOf({ seeds, fleets, isFull }: Experiment): CellTask[] {
  const cells = CELLS.filter(({ isAblation = false }) => isFull || !isAblation);
  const distinct = [...new Map(cells.toReversed().map((cell) => [keyOf(cell, fleets), cell])).values()].toReversed();
  return seeds.flatMap((seed) => distinct.map(({ cell }) => ({ cell, seed })));
}
