import { type ArrivalEnvelope, usualArrivals, WINDOWS_SECONDS, windowCounts } from './arrival-envelope';
import type { Decision } from './decision';
import { roundTo } from './numbers';

/** A raised minimum that holds until it expires; nothing scales in meanwhile. */
export interface BurstGuard {
  readonly copies: number;
  readonly untilMs: number;
}

export interface BurstObservation {
  readonly envelope: ArrivalEnvelope;
  /** Concurrency per copy of the last ten-second samples, newest last. */
  readonly recentConcurrencyPerCopy: readonly number[];
  readonly meanServiceSeconds: number;
  readonly desiredCopies: number;
}

export interface BurstConfig {
  /** Concurrent requests per copy that the scaling policy holds. */
  readonly target: number;
  readonly maxCopies: number;
  /** Whether windows shorter than a service time count: they extrapolate a burst over one service time. */
  readonly extrapolateShortWindows: boolean;
}

export interface RaiseMinimum {
  readonly copies: number;
  readonly untilMs: number;
}

export const GUARD_MS = 10 * 60_000;

/** Knative's autoscaler panics at the same share of its target, over a window of the same kind. */
const PANIC_SHARE = 2;
const PANIC_SAMPLES = 6;

/**
 * Tells a burst by arrivals beyond the usual envelope (InferLine, SoCC '20) or by twice the target concurrency for a
 * minute, and asks for the copies that it needs.
 */
export function guardBurst(
  guard: BurstGuard | undefined,
  observation: BurstObservation,
  config: BurstConfig,
  nowMs: number,
): Decision<BurstGuard | undefined, RaiseMinimum> {
  const active = isGuardActive(guard, nowMs) ? guard : undefined;
  const kept = { state: active, actions: [], reasons: [] };
  const cause = burstCause(observation, config);
  if (cause === undefined) return kept;

  const copies = Math.min(config.maxCopies, burstCopies(observation, config));
  // An active guard that is still asked for is prolonged in time, but not with every tick.
  const prolong = active !== undefined && copies >= active.copies && active.untilMs - nowMs < GUARD_MS / 2;
  if (copies <= Math.max(observation.desiredCopies, active?.copies ?? 0) && !prolong) {
    return { ...kept, reasons: [`burst: ${cause}; ${observation.desiredCopies} copies suffice`] };
  }
  const raised = { copies: Math.max(copies, active?.copies ?? 0), untilMs: nowMs + GUARD_MS };
  return {
    state: raised,
    actions: [raised],
    reasons: [`burst: ${cause}; at least ${raised.copies} copies for ${GUARD_MS / 60_000} min`],
  };
}

export function isGuardActive(guard: BurstGuard | undefined, nowMs: number): boolean {
  return guard !== undefined && nowMs < guard.untilMs;
}

function burstCause({ envelope, recentConcurrencyPerCopy }: BurstObservation, config: BurstConfig): string | undefined {
  const usual = usualArrivals(envelope);
  for (const [i, arrivals] of windowCounts(envelope.recent).entries()) {
    const most = usual[i];
    if (arrivals !== undefined && most !== undefined && arrivals > most) {
      return `${arrivals} arrivals in ${WINDOWS_SECONDS[i]} s, usually at most ${most}`;
    }
  }
  const samples = recentConcurrencyPerCopy.slice(-PANIC_SAMPLES);
  const mean = samples.reduce((sum, c) => sum + c, 0) / samples.length;
  if (samples.length === PANIC_SAMPLES && mean >= PANIC_SHARE * config.target) {
    return `concurrency ${roundTo(mean, 2)} per copy for a minute, target ${config.target}`;
  }
  return undefined;
}

/** The copies for the densest window: its arrivals go on for one service time. */
function burstCopies({ envelope, meanServiceSeconds }: BurstObservation, config: BurstConfig): number {
  let concurrency = 0;
  for (const [i, arrivals] of windowCounts(envelope.recent).entries()) {
    const seconds = WINDOWS_SECONDS[i]!;
    if (arrivals === undefined || (seconds < meanServiceSeconds && !config.extrapolateShortWindows)) continue;
    concurrency = Math.max(concurrency, (arrivals * meanServiceSeconds) / seconds);
  }
  return Math.ceil(concurrency / config.target);
}
