import { guardBurst, isGuardActive } from '../burst-guard';
import { capacityFloor } from '../capacity-floor';
import { clamp } from '../numbers';
import { fittedTarget } from '../target-proposal';
import type { SetMinimum } from './actions';
import type { ComponentConfig, Mechanisms } from './config';
import type { ComponentObservation } from './observation';
import type { ComponentState } from './state';

export interface MinimumDecision {
  readonly state: ComponentState;
  readonly action?: SetMinimum;
  readonly reasons: readonly string[];
}

/** A floor that has just been raised is not given up at the next tick. */
const LOWER_AFTER_MS = 15 * 60_000;

/** A write that is not live by then was lost. */
const WRITE_SEEN_WITHIN_MS = 60_000;

/**
 * The minimum copies: the forecast floor, or what a burst needs while its guard is active.
 *
 * The minimum has other writers, such as whoever warms a component for a time: the tuner lowers only a minimum that it
 * wrote itself.
 */
export function decideMinimum(
  component: string,
  before: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  mechanisms: Mechanisms,
  nowMs: number,
): MinimumDecision {
  const { target } = observation.policy;
  const { minCopies, maxCopies } = config;
  const floor = mechanisms.forecastFloor
    ? capacityFloor(
        before.demand,
        {
          target: rightTarget(before, observation, config),
          readyP90Seconds: observation.readySeconds.p90,
          minCopies,
          maxCopies,
        },
        nowMs,
      )
    : { copies: minCopies, reason: `configured minimum ${minCopies}` };

  const burst = mechanisms.burstGuard
    ? guardBurst(
        before.guard,
        { ...observation, envelope: before.envelope, desiredCopies: observation.copies.desired },
        { target, maxCopies, extrapolateShortWindows: mechanisms.shortWindows },
        nowMs,
      )
    : { state: undefined, actions: [], reasons: [] };
  const { guard: _, ...rest } = before;
  const state: ComponentState = burst.state === undefined ? rest : { ...rest, guard: burst.state };

  const wanted = clamp(Math.max(floor.copies, burst.state?.copies ?? 0), minCopies, maxCopies);
  const guarded = burst.state !== undefined && burst.state.copies >= floor.copies;
  const reason = burst.reasons[0] ?? floor.reason;
  const prolonged = burst.actions.length > 0 && wanted >= observation.minimumCopies;
  if (!prolonged && !mustWrite(wanted, state, observation, nowMs)) return { state, reasons: burst.reasons };
  const until = guarded ? { untilMs: burst.state.untilMs } : {};
  return {
    state: { ...state, minimum: { copies: wanted, replaced: observation.minimumCopies, atMs: nowMs, ...until } },
    action: {
      type: 'set-minimum',
      component,
      copies: wanted,
      ...until,
      reasons: [reason],
    },
    reasons: [`minimum ${observation.minimumCopies} to ${wanted}: ${reason}`],
  };
}

/** A target that is still too low must not ask for copies that the right one would not. */
function rightTarget(
  { fit }: ComponentState,
  { policy }: ComponentObservation,
  { objectiveMs, maxTarget }: ComponentConfig,
): number {
  return Math.max(policy.target, Math.min(maxTarget, fittedTarget(fit, objectiveMs) ?? 0));
}

function mustWrite(
  wanted: number,
  { minimum, guard }: ComponentState,
  { minimumCopies }: ComponentObservation,
  nowMs: number,
): boolean {
  const sinceMs = nowMs - (minimum?.atMs ?? -Infinity);
  if (wanted > minimumCopies) return wanted !== minimum?.copies || sinceMs >= WRITE_SEEN_WITHIN_MS;
  if (wanted === minimumCopies || isGuardActive(guard, nowMs)) return false;
  // The replaced one is live if the write was lost.
  const ours = minimum !== undefined && (minimumCopies === minimum.copies || minimumCopies === minimum.replaced);
  return ours && nowMs >= (minimum.untilMs ?? minimum.atMs + LOWER_AFTER_MS);
}
