/**
 * What an experiment found, as plain JSON: the report draws nothing else, and `compound simulate --json` prints it.
 *
 * Units are in the names. A latency that was never reached, because more requests than the quantile leaves failed, is
 * null.
 */
export interface ExperimentResult {
  readonly schemaVersion: 1;
  readonly scenario: { readonly name: string; readonly description: string };
  /** Of the project that made it, and what it ran on: `node 24.1.0, linux x64`. */
  readonly madeBy: { readonly version: string; readonly platform: string; readonly command: string };
  readonly objective: { readonly p95Ms: number };
  readonly workload: WorkloadSummary;
  /** Every condition that both sides share, each checked by the harness. */
  readonly conditions: readonly Condition[];
  /** Of each cell and seed. */
  readonly rows: readonly ResultRow[];
  readonly cells: readonly CellSummary[];
  /** Main effects and interactions of the factors, paired by seed. */
  readonly effects: readonly Effect[];
  /** The primary endpoints, and whatever else is compared, paired by seed. */
  readonly comparisons: readonly Comparison[];
  readonly bounds: BoundsSummary;
  /** Copies, load and instances over time, of the first seed. */
  readonly series: readonly CellSeries[];
  /** The slowest cascade of each cell, of the first seed. */
  readonly cascades: readonly Cascade[];
  /** Absent in a quick run. */
  readonly throughput?: readonly ThroughputRow[];
  /** Absent in a quick run. */
  readonly sensitivity?: readonly SensitivityRow[];
  /** Where the static fleet is the better choice. Absent in a quick run. */
  readonly staticWins?: readonly Region[];
  /** What the sensitivity has no row for, and why. */
  readonly leftOut?: readonly string[];
  readonly threats: readonly string[];
}

/** With its 95 % confidence interval over seeds. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface WorkloadSummary {
  readonly requests: number;
  readonly days: number;
  readonly meanRps: number;
  /** Of the busiest ten minutes. */
  readonly peakRps: number;
  readonly gapVariation: number;
  readonly promptTokens: { readonly p50: number; readonly p95: number };
  readonly outputTokens: { readonly p50: number; readonly p95: number };
}

/** Something that is the same on both sides, or is not. */
export interface Condition {
  readonly name: string;
  /** As text, such as a hash. */
  readonly value: string;
  readonly holds: boolean;
}

/** The levels of a cell, by factor: `{ capacity: 'static', graph: 'sequential', prewarming: 'none', targets: 'fixed' }`. */
export type Levels = Readonly<Record<string, string>>;

export interface ResultRow {
  readonly cell: string;
  readonly seed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly costUsd: number;
  readonly requests: number;
  /** Of those that did not fail. */
  readonly throughputRps: number;
  /** Share of requests that met a component without a copy. */
  readonly coldShare: number;
  /** Requests that failed or were given up. */
  readonly errors: number;
  /** Share of requests that ended within the objective; a failed one did not. */
  readonly attainment: number;
  readonly instanceHours: number;
}

export interface CellSummary {
  /** Unique, short: `static@p95`, `modular+prewarm`. */
  readonly cell: string;
  readonly title: string;
  readonly levels: Levels;
  /** Cannot be deployed, as it knows the future: shown for comparison only. */
  readonly isReference: boolean;
  readonly p50Ms: Estimate | null;
  readonly p95Ms: Estimate | null;
  readonly p99Ms: Estimate | null;
  readonly costUsd: Estimate;
  readonly attainment: Estimate;
  readonly coldShare: Estimate;
  readonly errorShare: Estimate;
  readonly throughputRps: Estimate;
  readonly instanceHours: Estimate;
  /** Where the time of a request around the P95 goes. */
  readonly p95Parts: LatencyParts;
  /** Lower bound of the cost over the cost. */
  readonly efficiency: number;
  /** Of the latency that static leaves above the lower bound, the share that this cell recovers; null for static itself. */
  readonly recovered: number | null;
}

/** Along the critical path of a request; together its latency. */
export interface LatencyParts {
  /** Waiting in a copy that is full. */
  readonly queueMs: number;
  readonly serviceMs: number;
  /** Waiting for a copy that is on its way. */
  readonly coldMs: number;
  /** Between a failed try and the next. */
  readonly retryMs: number;
  readonly orchestrationMs: number;
}

export interface Effect {
  /** One factor, or two joined by ` x `. */
  readonly factor: string;
  /** From the first level of the factor to the second. */
  readonly on: 'p95Ms' | 'costUsd';
  /** Over which cells of the factorial: static ones know no pre-warming and no targets. */
  readonly among: 'all' | 'modular';
  readonly estimate: Estimate;
}

export interface Comparison {
  /** `P95 at equal spend`, `cost at equal objective`. */
  readonly name: string;
  readonly isPrimary: boolean;
  /** Cells. */
  readonly of: string;
  readonly against: string;
  /**
   * `of` over `against`, less 1: -0.3 is 30 % less. Null if that, or an end of its interval, is infinite: a side without a
   * P95 in too many seeds.
   */
  readonly change: Estimate | null;
  /** The mean where every seed has a value on both sides; otherwise the median, by ranks, in which none is left out. */
  readonly statistic: 'mean' | 'median';
  /** Whether there are seeds enough for an interval. */
  readonly isBounded: boolean;
  /** Each seed's, in the order of the seeds. Null where `of` has none; -1 where `against` has none, 0 where neither has. */
  readonly bySeed: readonly (number | null)[];
  /** Seeds in which too many requests failed for a P95. */
  readonly unreached: { readonly of: number; readonly against: number };
  /** Why the better side does not win, as the terms are not equal: `modular misses the objective`. Null where they are. */
  readonly unequal: string | null;
  /** The cell that is better beyond the interval, if there is one. */
  readonly winner: string | null;
  /** After Holm's correction, over all that is not primary. */
  readonly pValue: number;
  /** By what means, in words. */
  readonly mechanism: string;
}

/** Means over seeds. */
export interface BoundsSummary {
  /** Cost of the work alone, of capacity in every window, and that with start-ups. */
  readonly workUsd: number;
  readonly capacityUsd: number;
  readonly startUpUsd: number;
  /** Every call alone in a warm copy. */
  readonly p95Ms: number;
}

export interface CellSeries {
  readonly cell: string;
  /** Seconds since the start of the scored span, evenly spaced. */
  readonly atSeconds: readonly number[];
  readonly requestsPerSecond: readonly number[];
  readonly instances: readonly number[];
  readonly components: readonly ComponentSeries[];
}

export interface ComponentSeries {
  readonly component: string;
  readonly inService: readonly number[];
  readonly desired: readonly number[];
  readonly concurrency: readonly number[];
}

/** One request that met cold components, node by node. */
export interface Cascade {
  readonly cell: string;
  readonly latencyMs: number;
  /** Cold components one after another on its critical path. */
  readonly depth: number;
  readonly nodes: readonly {
    readonly node: string;
    readonly component: string;
    readonly startMs: number;
    readonly coldMs: number;
    readonly endMs: number;
  }[];
}

export interface ThroughputRow {
  readonly cell: string;
  /** Highest rate at which at least 95 % of the requests met the objective, for three seeds in a row. */
  readonly sustainableRps: number;
  /** Beside the first row. */
  readonly ratio: number;
  /** What was held equal: spend or hardware. */
  readonly at: string;
}

export interface SensitivityRow {
  readonly parameter: string;
  readonly on: 'p95 at equal spend' | 'cost at equal objective';
  readonly low: string;
  readonly high: string;
  /** Changes as in a comparison: at the low and the high value, and as assumed. */
  readonly changeAtLow: number;
  readonly changeAtBase: number;
  readonly changeAtHigh: number;
}

export interface Region {
  readonly name: string;
  readonly finding: string;
  /** Modular over static, less 1; null unless both meet the objective. */
  readonly costChange: number | null;
  readonly p95Change: number | null;
}
