import type { Experiment, ExperimentPlan } from '../../sim/experiment/experiment';
import { codeHash } from './code-hash';
import { runTask, type Task, type TaskResult } from './task';

/** What a worker is told: the experiment, first as a plan and later as prepared, and tasks. */
export type ToWorker = { readonly experiment: ExperimentPlan | Experiment } | { readonly task: Task };

/** What it answers to each task. */
export type FromWorker = { readonly result: TaskResult; readonly code: string } | { readonly error: string };

let experiment: ExperimentPlan | undefined;

/** When the modules were loaded: a file that changes later is not what runs. */
const code = codeHash();

process.on('message', (message: ToWorker) => {
  if ('experiment' in message) {
    experiment = message.experiment;
    return;
  }
  runTask(experiment!, message.task).then(
    (result) => answer({ result, code }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});

/** A parent that is gone takes no answer, which may be known before its end is. */
function answer(message: FromWorker): void {
  process.send!(message, (error: Error | null) => {
    if (error) process.exit();
  });
}

// Ctrl-C reaches the whole group: the parent keeps what is finished, and ends this process.
process.on('SIGINT', () => {});
// The parent is gone.
process.on('disconnect', () => process.exit());
