import type { ColdStartPath } from './cold-start';
import type { WarmGraph } from './graph';
import type { WarmKnowledge } from './knowledge';
import type { Precision } from './precision';
import type { OpenRequest } from './run-forecast';
import type { Spend, SpendLimits } from './spend';
import type { ComponentCosts, CostRule } from './worth';

/** Decides what to warm and what to let go; the simulator and the runtime call the same one. */
export type WarmPolicy = (
  state: WarmState,
  observation: WarmObservation,
  config: WarmConfig,
  nowMs: number,
) => WarmDecision;

export interface WarmDecision {
  readonly state: WarmState;
  readonly actions: readonly WarmAction[];
  /** Why, in words and numbers: of what is done and of what is not. */
  readonly reasons: readonly string[];
  /**
   * When a start that is put off becomes due, as far as is known now: ask again then, even if nothing happens. Left out
   * if no start is put off. What is held has to be asked about every few minutes in any case.
   */
  readonly wakeAtMs?: number;
  /** What is not started though runs may call it. Left out if there is nothing. */
  readonly declines?: readonly WarmDecline[];
}

/** A cold component that is not started for the runs of a graph. */
export interface WarmDecline {
  readonly component: string;
  readonly graph: string;
  /** Until when nobody need ask for it again. */
  readonly untilMs: number;
}

/**
 * - `warm`: start copies, so that there are at least so many, and keep them until then
 * - `hold`: keep so many copies that are warm until then; fewer than before if what is held is more than is needed
 * - `release`: let go before then
 *
 * Whoever carries them out ends them at `untilMs` on its own: an end that was announced is no action.
 */
export type WarmAction =
  | {
      readonly type: 'warm';
      readonly component: string;
      readonly copies: number;
      readonly untilMs: number;
      /** When the copies are expected to serve: the 90th percentile. */
      readonly readyAtMs: number;
      /** The same for all that decide the same at about the same time: only one of them may act. */
      readonly key: string;
      readonly reason: string;
    }
  | {
      readonly type: 'hold';
      readonly component: string;
      readonly copies: number;
      readonly untilMs: number;
      readonly key: string;
      readonly reason: string;
    }
  | { readonly type: 'release'; readonly component: string; readonly reason: string };

export interface WarmObservation {
  readonly requests: readonly OpenRequest[];
  /** What can be warmed, by component name. Anything else counts as always ready. */
  readonly components: Readonly<Record<string, ComponentStatus>>;
  /** Copies that a forecast asks for, by component name. */
  readonly floorCopies: Readonly<Record<string, number>>;
  readonly knowledge: WarmKnowledge;
}

/** What is known of a component; better late than wrong: what is not known to be warm is cold. */
export interface ComponentStatus {
  /** Copies that serve. */
  readonly copies: number;
  /** When each copy that starts is expected to serve: the 90th percentile. */
  readonly startingReadyAtMs: readonly number[];
  /**
   * Where a copy would start; of a component that is starting, where it does. Of a component that is warm: where one would after it was let go, for that is the start
   * which keeping it spares. With copies gone for longer than their instances stay, that is a new instance, not the
   * place beside the copy that serves; who reports the latter makes a wait of minutes look like one of seconds, and
   * components are let go too soon.
   */
  readonly path: ColdStartPath;
  /** Since when it has served without a break; left out if that is not known, or it does not. */
  readonly servesSinceMs?: number;
  /** Calls under way. */
  readonly callsInFlight: number;
  /** Calls that a copy is to serve at once by its scaling policy, which a tuner may have moved. @default that of the configuration */
  readonly targetConcurrency?: number;
  /** Left out if it was never called. */
  readonly lastCallMs?: number;
}

export interface WarmConfig {
  /** By name. */
  readonly graphs: Readonly<Record<string, WarmGraph>>;
  /** By name. */
  readonly components: Readonly<Record<string, WarmComponent>>;
  readonly limits: WarmLimits;
  /** @default 'marginal' */
  readonly costRule?: CostRule;
}

export interface WarmComponent extends ComponentCosts {
  /** Most copies to start for waiting runs. @default 1 */
  readonly maxCopies?: number;
  /** Calls that one copy can serve at once; any number if left out. */
  readonly concurrencyPerCopy?: number;
}

export interface WarmLimits extends SpendLimits {
  /** Most components that may be starting at once. */
  readonly maxSimultaneousWarms: number;
  /**
   * A component is acted on at most once in each window of this length, except that of one which is starting more
   * copies may be asked for.
   */
  readonly windowMs: number;
  /** How long a copy stays after the time by which the call it was started for should have come. */
  readonly graceMs: number;
}

export const DEFAULT_WARM_LIMITS: Omit<WarmLimits, keyof SpendLimits> = {
  maxSimultaneousWarms: 10,
  windowMs: 60_000,
  graceMs: 120_000,
};

/** What a policy remembers from one decision to the next. Plain data. */
export interface WarmState {
  /** What it keeps warm, by component name. */
  readonly holds: Readonly<Record<string, Hold>>;
  /** What it has started and nobody has called yet, by component name. @default none */
  readonly warmUps?: Readonly<Record<string, WarmUp>>;
  /** The window in which each component was last acted on. */
  readonly windows: Readonly<Record<string, number>>;
  readonly spend: Spend;
  /** Of what was started for runs. */
  readonly precision: Precision;
  /** Of what was started ahead of any run: a gamble, which may well fail where the other does not. @default none */
  readonly aheadPrecision?: Precision;
}

export interface Hold {
  readonly copies: number;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** When the copies that it started are expected to serve; left out if it started none. */
  readonly readyAtMs?: number;
  /** The last sum set aside for it, and when. */
  readonly chargedUsd: number;
  readonly chargedAtMs: number;
}

/**
 * Copies that were started, until it is known whether that was of use. They outlive their hold: whoever was told to come
 * back may be late, and the scale-in alarm takes minutes to notice that a copy has nothing to do.
 */
export interface WarmUp {
  readonly sinceMs: number;
  /** Whether no run had asked for them. @default false */
  readonly isAhead?: boolean;
  /** Its part of all that the same decision has started. */
  readonly share: number;
  /** @default 1 */
  readonly copies?: number;
  /**
   * Set aside for what its copies are paid beyond their hold if nothing calls them. When something does, the part of one
   * copy is given back: nobody tells which copies calls go to.
   */
  readonly tailUsd: number;
}
