import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IAgent } from '../agent/agent-ref';
import type { InferenceComponent } from '../fleet/inference-component';
import type { TuningMode } from './tuning-mode';

/** How scaling policies follow the objectives of agents. */
export interface PolicyTunerOptions {
  /**
   * Whether it acts on what it decides.
   *
   * @default TuningMode.ACT
   */
  readonly mode?: TuningMode;

  /**
   * Bounds of components, and what is to be known of them beyond what they tell themselves.
   *
   * @default - each model with autoScaleCopies within half and twice its targetConcurrency, and within its min and max
   */
  readonly components?: readonly TunedComponentOptions[];

  /**
   * What the tuner may do.
   *
   * @default - everything
   */
  readonly mechanisms?: TuningMechanisms;

  /**
   * How long the ledger keeps what was observed, decided and done, and why.
   *
   * @default Duration.days(90)
   */
  readonly ledgerRetention?: Duration;

  /**
   * What becomes of the ledger.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export interface PolicyTunerProps extends PolicyTunerOptions {
  /** The agents, each with an objective; those that share models belong together. */
  readonly agents: readonly IAgent[];
}

/** What is to be known of a component that is tuned. Whatever is decided stays within these bounds. */
export interface TunedComponentOptions {
  /** As it is bound to an agent. */
  readonly component: InferenceComponent;

  /**
   * The lowest concurrency that one copy may be held at, at least 1.
   *
   * @default - half of targetConcurrency, at least 1
   */
  readonly minTarget?: number;

  /**
   * The highest concurrency that one copy may be held at: no more than its engine works on at a time.
   *
   * @default - twice targetConcurrency
   */
  readonly maxTarget?: number;

  /**
   * What an hour of one copy costs, in US dollars.
   *
   * @default - its share of the preferred instance type, at the list price of us-west-2
   */
  readonly pricePerCopyHour?: number;

  /**
   * What P95 of one call should be.
   *
   * @default - its share of the agents' objectives, split by what is measured
   */
  readonly objective?: Duration;

  /**
   * When you last said that a policy which was changed by hand may be tuned again, as in `2026-11-23T12:00:00Z`: until then the
   * tuner leaves such a policy alone.
   *
   * @default - never
   */
  readonly acknowledgedAt?: string;
}

/** What a tuner may do; what is left out it may. */
export interface TuningMechanisms {
  /**
   * Moves the concurrency that a policy holds.
   *
   * @default true
   */
  readonly targets?: boolean;
  /**
   * Raises the minimum of copies to what a forecast by hour of the week asks for.
   *
   * @default true
   */
  readonly forecastFloor?: boolean;
  /**
   * Raises the minimum when requests come faster than copies start.
   *
   * @default true
   */
  readonly burstGuard?: boolean;
}
