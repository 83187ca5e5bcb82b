/** One way to keep copies warm, over one workload; means over the seeds. */
export interface PolicyFigures {
  readonly policy: string;
  /** Share of the runs that met a component without a copy. */
  readonly coldShare: number;
  /** Cold components one after another on the critical path, the mean of all runs. */
  readonly depth: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly costUsd: number;
  /** See `CopyWatch`: idle copies that ended without a call. */
  readonly wastedUsd: number;
  /** Of the idle times of copies that a policy is answerable for, the share that ended with a call. */
  readonly precision: number;
  /** Of the calls that meet no copy without a policy, the share that met one. */
  readonly recall: number;
  readonly errors: number;
  /** The fixed keep-alive that costs as much, between the two nearest that were tried; absent for what is no rival. */
  readonly fixed?: FixedFigures;
}

/** After every call, for every component. */
export interface FixedFigures {
  readonly keepMinutes: number;
  readonly coldShare: number;
  readonly p95Seconds: number;
  readonly costUsd: number;
}

export interface WorkloadFigures {
  readonly workload: string;
  readonly title: string;
  readonly requests: number;
  readonly policies: readonly PolicyFigures[];
}

/** Of one decision over a graph of a hundred nodes, each with a component of its own that is cold. */
export interface DecisionFigures {
  readonly medianMs: number;
  readonly p99Ms: number;
}
