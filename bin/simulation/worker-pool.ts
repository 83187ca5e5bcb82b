import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import type { Experiment } from '../../sim/experiment/experiment';
import type { Finished, Task } from './task';
import type { FromWorker, ToWorker } from './worker';

/**
 * Runs tasks in as many processes as there are cores, each with the loader of this one.
 *
 * @param onFinished called as each is finished, in any order
 * @throws Error of the first task that fails; nothing is started after it, or after the signal aborts
 */
export async function runTasks(
  experiment: Experiment,
  tasks: readonly Task[],
  onFinished: (finished: Finished) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...tasks];
  const count = Math.min(availableParallelism(), tasks.length);
  const workers = Array.from({ length: count }, () => fork(join(__dirname, `worker${extname(__filename)}`)));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        tell(worker, { experiment: serializable(experiment) });
        for (let task = waiting.shift(); task && !signal.aborted; task = waiting.shift()) {
          const answer = await ask(worker, task, signal);
          if (!answer) return;
          if ('error' in answer) throw new Error(`${JSON.stringify(task)}: ${answer.error}`);
          onFinished({ task, result: answer.result, code: answer.code });
        }
      }),
    );
  } finally {
    waiting.length = 0;
    // Not by closing the channel: a worker in the middle of a task would not look.
    for (const worker of workers) worker.kill();
  }
}

/** Undefined when the signal aborts first. */
function ask(worker: ChildProcess, task: Task, signal: AbortSignal): Promise<FromWorker | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      worker.removeAllListeners('message').removeAllListeners('exit');
      act();
    };
    worker.once('message', (answer: FromWorker) => settle(() => resolve(answer))());
    worker.once('exit', (code) => settle(() => reject(new Error(`a worker ended with code ${code}`)))());
    signal.addEventListener(
      'abort',
      settle(() => resolve(undefined)),
      { once: true },
    );
    tell(worker, { task });
  });
}

function tell(worker: ChildProcess, message: ToWorker): void {
  worker.send(message);
}

/** Messages are JSON, which has no infinity: a limit that is none is left to its default. */
function serializable(experiment: Experiment): Experiment {
  return JSON.parse(JSON.stringify(experiment));
}
