import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import type { Experiment, ExperimentPlan } from '../../sim/experiment/experiment';
import type { Finished, Task } from './task';
import type { FromWorker, ToWorker } from './worker';

/** At most as many processes as there are cores, each with the loader of this one. They live until the pool is closed. */
export class WorkerPool {
  #workers: ChildProcess[] = [];

  /**
   * Runs tasks of an experiment.
   *
   * @param onFinished called as each is finished, in any order
   * @throws Error of the first task that fails; nothing is started after it, or after the signal aborts
   */
  async run(
    experiment: ExperimentPlan | Experiment,
    tasks: readonly Task[],
    onFinished: (finished: Finished) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const waiting = [...tasks];
    const count = Math.min(availableParallelism(), tasks.length);
    // One that died between two phases is replaced.
    this.#workers = this.#workers.filter(({ connected }) => connected);
    while (this.#workers.length < count) this.#workers.push(fork(join(__dirname, `worker${extname(__filename)}`)));
    const message = { experiment: serializable(experiment) };
    await Promise.all(
      this.#workers.slice(0, count).map(async (worker) => {
        tell(worker, message);
        for (let task = waiting.shift(); task && !signal.aborted; task = waiting.shift()) {
          const answer = await ask(worker, task, signal);
          if (!answer) return;
          if ('error' in answer) throw new Error(failureOf(task, answer.error));
          onFinished({ task, result: answer.result, code: answer.code });
        }
      }),
    ).finally(() => {
      waiting.length = 0;
    });
  }

  /** Not by closing the channels: a worker in the middle of a task would not look. */
  close(): void {
    for (const worker of this.#workers) worker.kill();
  }
}

/** What fails while it is prepared is the scenario. */
function failureOf(task: Task, error: string): string {
  return task.kind === 'preparation' ? error : `${JSON.stringify(task)}: ${error}`;
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

/** To one that is gone nothing is told; whoever waits for its answer learns of its end. */
function tell(worker: ChildProcess, message: ToWorker): void {
  worker.send(message, () => {});
}

/** Messages are JSON, which has no infinity: a limit that is none is left to its default. */
function serializable<T>(experiment: T): T {
  return JSON.parse(JSON.stringify(experiment));
}
