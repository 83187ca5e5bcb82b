import { cellNamed } from '../../sim/experiment/cells';
import {
  type CellRun,
  type CellTask,
  type Experiment,
  type ExperimentPlan,
  runCell,
} from '../../sim/experiment/experiment';
import { type Preparation, type Prepared, prepare } from '../../sim/experiment/preparation';
import { tryVariation, type VariationOutcome } from '../../sim/experiment/studies';
import { sustainableRps } from '../../sim/experiment/throughput';
import { staticTerrain, variationsOf } from '../../sim/experiment/variations';

/** One piece of an experiment, as a worker gets it. */
export type Task = { readonly kind: 'preparation'; readonly preparation: Preparation } | RunTask;

/** What needs an experiment that is prepared. */
type RunTask =
  | ({ readonly kind: 'cell' } & CellTask)
  | { readonly kind: 'throughput'; readonly cell: string }
  /** Position among the variations of the scenario; -1 is the scenario as it is. */
  | { readonly kind: 'variation'; readonly at: number }
  | { readonly kind: 'terrain'; readonly at: number };

export type TaskResult =
  | { readonly kind: 'preparation'; readonly prepared: Prepared }
  | { readonly kind: 'cell'; readonly run: CellRun }
  | { readonly kind: 'throughput'; readonly rps: number }
  | { readonly kind: 'variation' | 'terrain'; readonly outcome: VariationOutcome };

/** A task and what came of it: a line of the file by which an experiment is resumed. */
export interface Finished {
  readonly task: Task;
  readonly result: TaskResult;
  /** Hash of the code that ran it. */
  readonly code: string;
}

/** @param experiment prepared, unless the task is a preparation */
export async function runTask(experiment: ExperimentPlan | Experiment, task: Task): Promise<TaskResult> {
  if (task.kind === 'preparation') return { kind: 'preparation', prepared: prepare(experiment, task.preparation) };
  if ('fleets' in experiment) return run(experiment, task);
  throw new Error('the experiment is not prepared');
}

async function run(experiment: Experiment, task: RunTask): Promise<TaskResult> {
  const { scenario } = experiment;
  if (task.kind === 'cell') return { kind: 'cell', run: runCell(experiment, cellNamed(task.cell), task.seed) };
  if (task.kind === 'throughput') return { kind: 'throughput', rps: await sustainableRps(experiment, task.cell) };
  if (task.kind === 'terrain') {
    return { kind: 'terrain', outcome: tryVariation(staticTerrain(scenario)[task.at]!.scenario) };
  }
  const varied = task.at < 0 ? scenario : variationsOf(scenario)[task.at]!.scenario;
  return { kind: 'variation', outcome: tryVariation(varied) };
}

export const nameOf = (task: Task): string => JSON.stringify(task);
