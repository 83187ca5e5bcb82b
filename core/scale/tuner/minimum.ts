import { guardBurst, isGuardActive } from '../burst-guard';
import { type CapacityFloor, capacityFloor } from '../capacity-floor';
import { clamp } from '../numbers';
import { fittedTarget } from '../target-proposal';
import type { SetMinimum } from './actions';
import type { ComponentConfig, Mechanisms } from './config';
import { type OwnedMinimum, ownMinimum } from './minimum-owner';
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
 * The minimum has other writers, such as schedules and whoever warms a component for a time: the tuner lowers only a
 * minimum that it wrote itself, and only to what was live before.
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
    ? floorOf(before, observation, config, nowMs)
    : { copies: minCopies, reason: `configured minimum ${minCopies}` };

  const burst = mechanisms.burstGuard
    ? guardBurst(
        before.guard,
        { ...observation, envelope: before.envelope, desiredCopies: observation.copies.desired },
        {
          target,
          maxCopies,
          // A few calls at once that wait for the first copy are no load that goes on.
          extrapolateShortWindows: mechanisms.shortWindows && observation.copies.inService > 0,
        },
        nowMs,
      )
    : { state: undefined, actions: [], reasons: [] };
  const { guard: _, minimum: __, ...rest } = before;
  const owned = ownMinimum(before.minimum, observation.minimumCopies, nowMs);
  const state: ComponentState = {
    ...rest,
    ...(owned.written && { minimum: owned.written }),
    ...(burst.state && { guard: burst.state }),
  };

  const needed = clamp(Math.max(floor.copies, burst.state?.copies ?? 0), minCopies, maxCopies);
  const baseline = clamp(owned.baseline, minCopies, maxCopies);
  const wanted = Math.max(needed, baseline);
  const guarded = burst.state !== undefined && burst.state.copies >= floor.copies;
  const reason = burst.reasons[0] ?? floor.reason;
  const prolonged = burst.actions.length > 0 && needed >= observation.minimumCopies;
  if (!prolonged && !mustWrite(wanted, owned, state, observation, nowMs)) return { state, reasons: burst.reasons };
  const until = guarded ? { untilMs: burst.state.untilMs } : {};
  return {
    state: {
      ...state,
      minimum: { copies: wanted, replaced: observation.minimumCopies, baseline, atMs: nowMs, ...until },
    },
    action: {
      type: 'set-minimum',
      component,
      copies: wanted,
      baseline,
      ...until,
      reasons: [reason],
    },
    reasons: [`minimum ${observation.minimumCopies} to ${wanted}: ${reason}`],
  };
}

/**
 * The forecast, and for one copy of a component that may be at zero what whole runs have told: whether waiting for its
 * start costs more than the copy is not for a forecast to say.
 */
function floorOf(
  state: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  nowMs: number,
): CapacityFloor {
  const { minCopies, maxCopies, keptCopy } = config;
  const target = rightTarget(state, observation, config);
  const readyP90Seconds = observation.readySeconds.p90;
  const floor = capacityFloor(state.demand, { target, readyP90Seconds, minCopies, maxCopies }, nowMs);
  if (minCopies > 0 || floor.copies > 1) return floor;
  switch (keptCopy) {
    case undefined:
      return { copies: 0, reason: `${floor.reason}; whole runs do not need it: no copy is kept` };
    case 'in-use':
      return { ...floor, reason: `${floor.reason}; a copy is kept while it is in use` };
    case 'always':
      return { copies: 1, reason: `${floor.reason}; a copy is kept for good` };
  }
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
  { isOurs, written }: OwnedMinimum,
  { guard }: ComponentState,
  { minimumCopies }: ComponentObservation,
  nowMs: number,
): boolean {
  const sinceMs = nowMs - (written?.atMs ?? -Infinity);
  if (wanted > minimumCopies) return wanted !== written?.copies || sinceMs >= WRITE_SEEN_WITHIN_MS;
  if (wanted === minimumCopies || isGuardActive(guard, nowMs) || !isOurs || written === undefined) return false;
  const isLost = written.copies < minimumCopies && sinceMs >= WRITE_SEEN_WITHIN_MS;
  return isLost || nowMs >= (written.untilMs ?? written.atMs + LOWER_AFTER_MS);
}
