import { HOUR_US } from '../kernel/time-units';
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
  type TrainedScalings,
  worldOf,
} from './cells';
import { misworked } from './misworked';
import { clairvoyantPolicy } from './policies/clairvoyant';
import type { Cascade, CellSeries, LatencyParts, ResultRow } from './result';
import { type Scenario, trainingUs } from './scenario';
import { score } from './score';
import { seedRequests } from './seed-requests';
import { type RunSettings, simulate } from './simulate';
import { bestStatic, sizeStatic, staticFor } from './static-fleets';
import { oneOfEach, trainScaling } from './trained-scaling';

/** A scenario, the static fleets that it is compared with, and the seeds: all that a run needs, as plain data. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
  readonly fleets: StaticFleets;
  /** Absent if no cell is run at trained targets. */
  readonly scalings?: TrainedScalings;
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
export const SIZING_SEED = 0;

/** Share of the objective that a load test aims at: the days to come are not those of the test. */
const TRAINED_FOR = 0.95;

const DEFAULT_SERIES_POINTS = 288;

const FORGETTING_US = 6 * HOUR_US;

/**
 * Sizes the static fleets, and trains the targets of what scales and does not tune itself.
 *
 * @throws NoStaticFleetError if no static fleet meets the objective.
 */
export function prepareExperiment(scenario: Scenario, options: ExperimentOptions): Experiment {
  const { onStep = () => {}, seriesPoints = DEFAULT_SERIES_POINTS, isFull = false } = options;
  const seeds = Array.from({ length: options.seeds }, (_, at) => at + 1);
  const fleets = sizeFleets(scenario, seeds[0]!, onStep);
  onStep('training the targets of target tracking');
  const { p95Ms } = scenario.objective;
  const tracking = trainScaling(scenario, { policies: [], aimMs: TRAINED_FOR * p95Ms }, SIZING_SEED);
  onStep('training the targets of the clairvoyant deployment');
  // Who knows the future needs no margin.
  const clairvoyant = trainScaling(scenario, { policies: [clairvoyantPolicy()], aimMs: p95Ms }, SIZING_SEED);
  return { scenario, seeds, fleets, scalings: { tracking, clairvoyant }, isFull, seriesPoints };
}

/**
 * The static fleets: from the training span of a workload that is not scored, with hindsight on the first seed that is,
 * and to the spend of the modular deployment there.
 *
 * @throws NoStaticFleetError if no static fleet meets the objective.
 */
export function sizeFleets(
  scenario: Scenario,
  firstSeed: number,
  onStep: (step: string) => void = () => {},
): StaticFleets {
  const sized = (demand: 'peak' | 'p99' | 'p95' | 'mean') => {
    onStep(`sizing static for ${demand} demand`);
    return sizeStatic(scenario, demand, SIZING_SEED);
  };
  const fleets = { peak: sized('peak'), p99: sized('p99'), p95: sized('p95'), mean: sized('mean') };
  onStep('sizing static with hindsight');
  const best = bestStatic(scenario, firstSeed);
  onStep('sizing static to the spend of modular');
  const known = { ...fleets, best, isocost: best };
  const alone = { scenario, seeds: [firstSeed], fleets: known, isFull: false, seriesPoints: 1 };
  const { costUsd } = runCell(alone, cellNamed(MODULAR_CELL), firstSeed).row;
  return { ...known, isocost: staticFor(scenario, costUsd / scoredHours(scenario), SIZING_SEED) };
}

/** What one run of one cell gave; plain data. */
export interface CellRun {
  readonly row: ResultRow;
  /** Fingerprint of the requests. */
  readonly requests: string;
  /** Fingerprint of what ran: agent, objective, scored span and world, but for what scales it. */
  readonly configuration: string;
  /** Requests of the scored span, counted in the list. */
  readonly due: number;
  /** Answered requests that did other work than they need. */
  readonly misworked: number;
  /** Copies of each model in service when the run began. */
  readonly warmAtStart: Readonly<Record<string, number>>;
  readonly p95Parts: LatencyParts;
  /** Of the first seed only. */
  readonly series?: CellSeries;
  readonly cascade?: Cascade;
}

export function runCell(experiment: Experiment, cell: Cell, seed: number): CellRun {
  const { scenario, seeds, seriesPoints } = experiment;
  const isFirst = seed === seeds[0];
  const { requests, fingerprint, neededTokens } = seedRequests(scenario, seed);
  const settings = settingsOf(experiment, cell, requests, seed, isFirst ? seriesPoints : undefined);
  const outcome = simulate(settings);
  const { row, p95Parts } = score(outcome, scoredHours(scenario) * HOUR_US, scenario.objective.p95Ms);
  return {
    row: { cell: cell.cell, seed, ...row },
    requests: fingerprint,
    configuration: configurationOf(settings),
    due: requests.arrivalUs.reduce((sum, arrivalUs) => sum + (arrivalUs >= settings.scoreFromUs ? 1 : 0), 0),
    misworked: misworked(outcome, neededTokens),
    warmAtStart: outcome.warmAtStart,
    p95Parts,
    ...(isFirst && outcome.series && { series: { ...outcome.series, cell: cell.cell } }),
    ...(isFirst && outcome.cascade && { cascade: { ...outcome.cascade, cell: cell.cell } }),
  };
}

function configurationOf({ scenario: { agent, objective }, world, scoreFromUs, isPrefixFree }: RunSettings): string {
  const components = Object.entries(world.components).map(([name, component]) => {
    if (component.kind === 'tool') return [name, component];
    const { scaling, ...rest } = component;
    // The least copies are part of what scales: HPA takes no zero, and a load test may ask for one.
    return [name, { ...rest, maxCopies: scaling.maxCopies }];
  });
  const shared = { agent, objective, scoreFromUs, isPrefixFree, fleets: world.fleets, components };
  return textFingerprint(JSON.stringify(shared));
}

function settingsOf(
  { scenario, fleets, scalings }: Experiment,
  cell: Cell,
  requests: RequestList,
  seed: number,
  seriesPoints: number | undefined,
): RunSettings {
  const fixedCopies = fixedCopiesOf(cell, fleets);
  return {
    scenario,
    world: worldOf(cell, scenario.world, scalings),
    requests,
    seed,
    scoreFromUs: trainingUs(scenario),
    startUs: startOf(cell, scenario),
    isSequential: cell.isSequential,
    policies: policiesOf(cell),
    ...(fixedCopies ? { fixedCopies } : { initialCopies: oneOfEach(scenario) }),
    ...(seriesPoints !== undefined && { seriesPoints }),
  };
}

/** What learns nothing needs no training span, only the time to forget that it began. */
function startOf({ tuned, prewarming, clairvoyant }: Cell, scenario: Scenario): number {
  const isLearning = tuned || clairvoyant || prewarming !== 'none';
  return isLearning ? 0 : Math.max(0, trainingUs(scenario) - FORGETTING_US);
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
