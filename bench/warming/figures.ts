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
  /** With the default dial and a monthly budget. */
  readonly budgeted: readonly PolicyFigures[];
}

/** Of one decision over a graph of a hundred nodes, each with a component of its own that is cold. */
export interface DecisionFigures {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Of requests that find everything warm, beside a model that takes so long. */
export interface WarmRequestFigures {
  readonly modelMs: number;
  /** Without warming. */
  readonly offP50Ms: number;
  /** With a board that was read within the last five seconds. */
  readonly known: AddedFigures;
  /** With one that is read beside the run. */
  readonly read: AddedFigures;
  /** With that, and a message of what runs teach, which the answer waits for. */
  readonly told: AddedFigures;
}

export interface AddedFigures {
  readonly p50Ms: number;
  /** The median of the differences from the request without warming that was served beside it. */
  readonly addedP50Ms: number;
}

/** What depends on how busy the machine is. */
export interface TimingFigures {
  readonly decision: DecisionFigures;
  readonly requests: readonly WarmRequestFigures[];
}
