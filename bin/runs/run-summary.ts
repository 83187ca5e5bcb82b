import type { StoredRun } from '../../core/report/stored-run';
import type { RunRecord } from '../../core/run';

/** What a list says of a run. */
export type RunSummary = Pick<StoredRun, 'runId' | 'timestamp'> &
  Pick<RunRecord, 'graph' | 'status' | 'wallMs' | 'costUsd' | 'copySeconds' | 'usage'>;

export function summaryOf({ runId, timestamp, record }: StoredRun): RunSummary {
  const { graph, status, wallMs, costUsd, copySeconds, usage } = record;
  return { runId, timestamp, graph, status, wallMs, costUsd, ...(copySeconds !== undefined && { copySeconds }), usage };
}

/** Of all the runs that it is told of, the newest. */
export class NewestRuns {
  #runs: RunSummary[] = [];

  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.#runs.length >= this.limit;
  }

  add(run: RunSummary): void {
    this.#runs.push(run);
    if (this.#runs.length >= 2 * this.limit + 100) this.#runs = this.sorted();
  }

  /** The oldest first. */
  sorted(): RunSummary[] {
    return this.#runs.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)).slice(-this.limit);
  }
}
