import type { TunerAction } from '../../core/scale';

/** What one tick saw of one component, decided, and what came of it. Plain JSON data. */
export interface LedgerEntry {
  readonly mode: 'act' | 'dry-run';
  /** Left out where nothing could be observed; a reason tells why. */
  readonly seen?: Seen;
  readonly reasons: readonly string[];
  readonly actions: readonly LedgerAction[];
  /** Left out where it stayed as it was. */
  readonly expiry?: ExpiryChange;
}

/** An entry before anything is done. */
export type DecidedEntry = Omit<LedgerEntry, 'actions' | 'expiry'>;

/** When Application Auto Scaling returns a raised minimum to what was live before, or that it will not any more. */
export type ExpiryChange = { readonly atMs: number; readonly copies: number } | 'gone';

export interface Seen {
  /** The component's share of the objective. */
  readonly objectiveMs: number;
  /** How that was found; left out of an objective of its own. */
  readonly split?: SeenSplit;
  readonly measuredAtMs: number;
  readonly windowMs: number;
  /** Requests behind the P95. */
  readonly requests: number;
  readonly p95Ms?: number;
  readonly lowMs?: number;
  /** `null` where no sample bounds the P95 from above. */
  readonly highMs?: number | null;
  /** What slack was looked for in; left out where that is the same. */
  readonly slack?: SeenSlack;
  /** Part of the latency that was spent waiting, 0 to 1; left out without requests. */
  readonly waitShare?: number;
  /** What a call took on average, without waiting for copies to start; left out without requests. */
  readonly serviceSeconds?: number;
  readonly requestsPerSecond: number;
  readonly concurrencyPerCopy?: number;
  readonly target: number;
  readonly copies: number;
  readonly desiredCopies: number;
  readonly minimumCopies: number;
  readonly coldStarts: number;
  readonly rejects: number;
  readonly readyP90Seconds: number;
}

/** A P95 over a longer time, and the upper end of its band. */
export interface SeenSlack {
  readonly windowMs: number;
  readonly requests: number;
  readonly p95Ms: number;
  readonly highMs: number | null;
}

/** The share of an agent's objective. */
export interface SeenSplit {
  readonly agent: string;
  /** `proportional` to what calm calls take, or such that copies `cost` least. */
  readonly basis: 'proportional' | 'cost';
  /** What the share would be in proportion. */
  readonly proportionalMs: number;
  /** Factor on all shares, by what whole runs take. */
  readonly stretch: number;
}

export interface LedgerAction {
  readonly action: TunerAction;
  readonly outcome: Outcome;
}

/** What AWS answered. */
export interface Outcome {
  /**
   * - `done`: AWS took it, or it was found live
   * - `told`: a recommendation, which is for people
   * - `refused`: AWS did not take it
   * - `forbidden`: it was beyond the bounds of the deployment, and AWS was not asked
   * - `unknown`: no answer came; the next ticks look what is live
   */
  readonly status: 'done' | 'told' | 'refused' | 'forbidden' | 'unknown';
  readonly detail?: string;
}

/** What became of a change of a target later. */
export interface Verdict {
  readonly verdict: 'kept' | 'rolled back' | 'superseded' | 'overridden';
  readonly atMs: number;
  readonly reason: string;
}

/** An entry as it is kept. */
export interface KeptEntry {
  /** Time of the tick, as ISO 8601 in UTC. */
  readonly at: string;
  readonly entry: LedgerEntry;
  readonly verdict?: Verdict;
}

/** Sort key of the entries of a tick. */
export function entryKey(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
