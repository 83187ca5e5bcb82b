import { HOUR_US } from '../kernel/time-units';
import { textFingerprint } from '../workload/fingerprint';
import type { RequestList } from '../workload/request-list';
import {
  CELLS,
  type Cell,
  fixedCopiesOf,
  keyOf,
  policiesOf,
  type StaticFleets,
  type TrainedScalings,
  worldOf,
} from './cells';
import { misworked } from './misworked';
import type { Cascade, CellSeries, LatencyParts, ResultRow } from './result';
import { type Scenario, trainingUs } from './scenario';
import { score } from './score';
import { seedRequests } from './seed-requests';
import { type RunSettings, simulate } from './simulate';
import { oneOfEach } from './trained-scaling';

/** What is compared, and how often; plain data. */
export interface ExperimentPlan {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
  /** Whether ablations are run too. */
  readonly isFull: boolean;
  /** Points of the time series that runs of the first seed keep. */
  readonly seriesPoints: number;
}

/** A plan with all that runs of it need; see `PREPARATIONS`. Plain data. */
export interface Experiment extends ExperimentPlan {
  readonly fleets: StaticFleets;
  /** Absent if no cell is run at trained targets. */
  readonly scalings?: TrainedScalings;
}

export interface ExperimentOptions {
  readonly seeds: number;
  /** @default false */
  readonly isFull?: boolean;
  /** @default 288 */
  readonly seriesPoints?: number;
}

const FORGETTING_US = 6 * HOUR_US;

/** Seeds are numbered from 1. */
export function planExperiment(scenario: Scenario, options: ExperimentOptions): ExperimentPlan {
  const { isFull = false, seriesPoints = 288 } = options;
  return { scenario, seeds: Array.from({ length: options.seeds }, (_, at) => at + 1), isFull, seriesPoints };
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

/** @throws Error if the cell needs what was not prepared */
export function runCell(experiment: ExperimentPlan & Partial<Experiment>, cell: Cell, seed: number): CellRun {
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
  { scenario, fleets, scalings }: ExperimentPlan & Partial<Experiment>,
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
function startOf({ tuned, prewarming }: Cell, scenario: Scenario): number {
  const isLearning = tuned || prewarming !== 'none';
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
