import { attributeBreach } from '../attribution';
import { isGuardActive } from '../burst-guard';
import { GIVE_UP_WATCHES, judgeCanary } from '../canary';
import { mayRestore } from '../change-budget';
import { judgeP95 } from '../p95-verdict';
import { loseTrust } from '../trust';
import type { ComponentConfig } from './config';
import type { ComponentObservation } from './observation';
import type { ComponentState } from './state';
import type { TargetDecision } from './target';

export const FREEZE_MS = 60 * 60_000;

/** Judges a change that is being watched. One that made matters worse is to be taken back. */
export function followCanary(
  state: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  nowMs: number,
): TargetDecision {
  if (state.canary === undefined) return { state, reasons: [] };
  const { changedAtMs, watchMs, previous } = state.canary;
  const { startingAtMs = -Infinity } = state;
  if (nowMs - changedAtMs >= watchMs && observation.measuredAtMs < changedAtMs + watchMs) {
    return { state, reasons: ['the metrics of the watched time are not complete'] };
  }
  // Metrics come out a minute or two late: times with and without them would never be alike.
  const { verdict, reason } = judgeCanary(observation.outcomes, changedAtMs, watchMs, observation.measuredAtMs);
  if (verdict === 'watching' || verdict === 'unmatched') return { state, reasons: [reason] };

  // A load that grows faster than copies start makes any target look bad; one that never rests is judged all the same.
  if (verdict === 'worse' && startingAtMs >= nowMs - watchMs && nowMs - changedAtMs < GIVE_UP_WATCHES * watchMs) {
    return { state, reasons: [reason, 'copies were starting meanwhile: watched on'] };
  }

  const { canary: _, ...judged } = state;
  if (verdict === 'kept') return { state: judged, reasons: [reason] };
  // A load that still breaches the objective is not cured by the copies that a lower target added being taken away.
  if (previous.target > observation.policy.target && isOverloaded(state, observation, config)) {
    return { state, reasons: [reason, 'the lower target stays while the load breaches the objective'] };
  }
  return {
    state: {
      ...judged,
      restore: previous,
      trust: loseTrust(state.trust, nowMs),
      frozenUntilMs: nowMs + FREEZE_MS,
    },
    reasons: [reason, `the change is taken back; frozen for ${FREEZE_MS / 60_000} min`],
  };
}

/** Asks for the earlier policy until it is live again. */
export function decideRestore(state: ComponentState, observation: ComponentObservation, nowMs: number): TargetDecision {
  const { restore, guard, changes } = state;
  if (restore === undefined) return { state, reasons: [] };
  if (restore.document === observation.policy.document) {
    const { restore: _, ...restored } = state;
    return { state: restored, reasons: ['the earlier policy is live again'] };
  }
  if (restore.target > observation.policy.target && isGuardActive(guard, nowMs)) {
    return { state, reasons: ['no scale-in while the burst guard is active: the rollback waits'] };
  }
  if (!mayRestore(changes, nowMs)) {
    return { state, reasons: ['the rollback waits: no policy write is left in this hour'] };
  }
  const reasons = [`the last change made matters worse: back to target ${restore.target}`];
  return { state, candidate: { kind: 'restore', policy: restore, reasons }, reasons };
}

function isOverloaded(
  { fit }: ComponentState,
  observation: ComponentObservation,
  { objectiveMs }: ComponentConfig,
): boolean {
  const { latency, policy } = observation;
  if (latency === undefined || judgeP95(latency, objectiveMs).verdict !== 'breach') return false;
  return attributeBreach({ ...observation, target: policy.target, fit, objectiveMs }).loadCaused;
}
