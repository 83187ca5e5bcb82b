import { type DurationHistory, type DurationPrior, durationOf, type LogNormal } from './log-normal';

/** Where a copy would start now, which decides what its start has to wait for. */
export type ColdStartPath = keyof typeof PRIORS;

/** AWS stages vary by about a third (Alibaba's production trace of 2026 has base-model loads at 0.42). */
const VARIATION = 0.35;

/**
 * Medians to start from.
 *
 * - new instances: Qwen3-8B on ml.g6.2xlarge without and with container caching, AWS launch post of June 2026
 * - a copy on a running instance: Llama-3-8B, AWS post on scale to zero; cached: 56 % less, AWS post on container
 *   caching of December 2024
 * - imported models: "tens of seconds" up to about a minute by the Bedrock guide
 * - functions: the initialization of a Lambda function, 0.2 to 1 s
 */
const PRIORS = {
  'cached-instance': { medianMs: 60_000, variation: VARIATION },
  'uncached-instance': { medianMs: 137_000, variation: VARIATION },
  'new-instance-cached-image': { medianMs: 258_000, variation: VARIATION },
  'new-instance': { medianMs: 525_000, variation: VARIATION },
  'imported-model': { medianMs: 60_000, variation: VARIATION },
  function: { medianMs: 500, variation: VARIATION },
} satisfies Record<string, DurationPrior>;

/** Every path. */
export const COLD_START_PATHS = Object.keys(PRIORS) as readonly ColdStartPath[];

/**
 * For how long an instance is paid after its copy has gone. SageMaker releases an idle one after 5 minutes at the soonest,
 * and the alarm that takes the copy may come some minutes late. What else is billed beyond its service is a minimum bill.
 */
export const INSTANCE_STAYS_MS = 600_000;

/** How long a copy takes from its start until it serves. */
export interface ColdStart extends LogNormal {
  /** From a call that finds no copy until one starts, if nobody started it before. */
  readonly reactionMs: number;
  /** For how long a copy serves that nothing calls and nobody keeps. */
  readonly idlesMs: number;
  /** For how long what the copy ran on is paid after it. */
  readonly staysMs: number;
}

type Scaling = Omit<ColdStart, keyof LogNormal>;

/**
 * SageMaker refuses a call at zero copies, and an alarm over 60 s starts a copy ("about 1 min", AWS post on scale to zero).
 * The alarm that takes it away looks at 15 minutes and cannot be tuned (observed).
 */
const BY_ALARMS: Scaling = { reactionMs: 60_000, idlesMs: 900_000, staysMs: INSTANCE_STAYS_MS };

/** The call itself starts a copy, and a minimum bill covers what is left of it when the calls that keep it end. */
const BY_CALLS: Scaling = { reactionMs: 0, idlesMs: 0, staysMs: 0 };

const SCALING: Readonly<Record<ColdStartPath, Scaling>> = {
  'cached-instance': BY_ALARMS,
  'uncached-instance': BY_ALARMS,
  'new-instance-cached-image': BY_ALARMS,
  'new-instance': BY_ALARMS,
  'imported-model': BY_CALLS,
  function: BY_CALLS,
};

/**
 * For how long a copy is paid that nothing calls, from its start on: it is not gone when nobody keeps it any more.
 *
 * @param startMs how long its start takes
 * @param keptMs for how long it is kept, from its start on
 */
export function unusedMs({ idlesMs, staysMs }: ColdStart, startMs: number, keptMs: number): number {
  return Math.max(keptMs, startMs + idlesMs) + staysMs;
}

/** What a start along a path takes, from what was measured of this component. */
export function coldStartOf(history: DurationHistory | undefined, path: ColdStartPath, nowMs: number): ColdStart {
  return { ...durationOf(history, PRIORS[path], nowMs), ...SCALING[path] };
}
