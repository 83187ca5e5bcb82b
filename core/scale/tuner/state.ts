import { type ArrivalEnvelope, NO_ENVELOPE } from '../arrival-envelope';
import type { BurstGuard } from '../burst-guard';
import { type ChangeHistory, NO_CHANGES } from '../change-budget';
import { type DemandHistory, NO_DEMAND } from '../demand-history';
import { type LatencyFit, NO_FIT } from '../latency-fit';
import { fullTrust, type Trust } from '../trust';
import type { LivePolicy, PolicyWatch } from './policy-watch';

/** What the tuner keeps between ticks: plain JSON data. */
export interface TunerState {
  readonly tickedAtMs?: number;
  readonly components: Readonly<Record<string, ComponentState>>;
}

export interface ComponentState {
  /** Of the last observation that was acted upon: none is used twice. */
  readonly measuredAtMs?: number;
  readonly fit: LatencyFit;
  readonly demand: DemandHistory;
  readonly envelope: ArrivalEnvelope;
  readonly guard?: BurstGuard;
  readonly slackTicks: number;
  /** When copies were last seen starting. */
  readonly startingAtMs?: number;
  readonly changes: ChangeHistory;
  readonly policy: PolicyWatch;
  /** The last change of the target while it is watched. */
  readonly canary?: Canary;
  /** A policy to be written back, until it is live. */
  readonly restore?: LivePolicy;
  readonly frozenUntilMs?: number;
  readonly trust: Trust;
  /** The minimum that the tuner wrote last. */
  readonly minimum?: WrittenMinimum;
  /** What was recommended last, so that it is not said with every tick. */
  readonly recommendedMaximum?: number;
  readonly recommendedInstance?: boolean;
}

export interface Canary {
  readonly changedAtMs: number;
  readonly watchMs: number;
  readonly previous: LivePolicy;
}

export interface WrittenMinimum {
  readonly copies: number;
  readonly replaced: number;
  /** What was live before the tuner raised it: it lowers its raise to this, and no further. */
  readonly baseline: number;
  readonly atMs: number;
  /** Of a minimum for a burst. */
  readonly untilMs?: number;
}

export const NO_TUNER_STATE: TunerState = { components: {} };

export function newComponentState(nowMs: number): ComponentState {
  return {
    fit: NO_FIT,
    demand: NO_DEMAND,
    envelope: NO_ENVELOPE,
    slackTicks: 0,
    changes: NO_CHANGES,
    policy: {},
    trust: fullTrust(nowMs),
  };
}
