import type { ArrivalSlot } from '../arrival-envelope';
import type { OutcomeMinute } from '../canary';
import type { P95Band } from '../p95-verdict';
import type { DeployedPolicy, LivePolicy } from './policy-watch';

/** What is measured of the components of an agent, by name. A component without data is left out. */
export type TunerObservation = Readonly<Record<string, ComponentObservation>>;

export interface SlackEvidence {
  /** This long up to `measuredAtMs`. */
  readonly windowMs: number;
  readonly latency: P95Band;
}

/**
 * Latencies are those that the orchestrator sees: what SageMaker calls model latency omits the time lost to refusals
 * and retries.
 */
export interface ComponentObservation {
  /** End of the newest minute with data. */
  readonly measuredAtMs: number;
  /** What latency, concurrency, refusals and cold starts are about: this long up to `measuredAtMs`. */
  readonly windowMs: number;
  /** Left out without requests. */
  readonly latency?: P95Band;
  /** The same over as many minutes as proving slack takes; without it a target is never raised. */
  readonly slackEvidence?: SlackEvidence;
  /** Mean concurrent requests per copy; left out while there is no copy. */
  readonly concurrencyPerCopy?: number;
  /** Share of the latency that was spent waiting, 0 to 1. */
  readonly waitShare: number;
  /** Requests that running copies refused; refusals for want of any copy are cold starts. */
  readonly rejects: number;
  readonly coldStarts: number;

  readonly requestsPerSecond: number;
  readonly meanServiceSeconds: number;
  /** The last ten-second slots, at least those since the last tick. */
  readonly arrivals: readonly ArrivalSlot[];
  /** The last ten-second samples of the concurrency per copy, newest last. */
  readonly recentConcurrencyPerCopy: readonly number[];
  /** The minutes of at least four times the time that a change is watched: one before it, up to three after it. */
  readonly outcomes: readonly OutcomeMinute[];

  readonly copies: { readonly desired: number; readonly inService: number };
  readonly minimumCopies: number;
  /** From the start of a copy until it serves. */
  readonly readySeconds: { readonly p75: number; readonly p90: number };
  readonly policy: LivePolicy;
  /** The policy as the template has it now. @default - not known: whoever changes it is somebody else */
  readonly deployed?: DeployedPolicy;
  /** When a person last said that a policy changed by hand may be tuned again. */
  readonly acknowledgedAtMs?: number;
}
