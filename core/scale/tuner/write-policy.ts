import { watchMs } from '../canary';
import { recordWrite } from '../change-budget';
import { cooldowns } from '../cooldowns';
import type { PolicyAction } from './actions';
import type { Candidate } from './candidate';
import type { ComponentObservation } from './observation';
import { FREEZE_MS } from './rollback';
import type { ComponentState } from './state';

/** Makes the chosen candidate an action, and remembers what is needed to judge it and to take it back. */
export function writePolicy(
  component: string,
  state: ComponentState,
  candidate: Candidate,
  { policy, readySeconds }: ComponentObservation,
  nowMs: number,
): { readonly state: ComponentState; readonly action: PolicyAction } {
  const { reasons } = candidate;
  const { deployed } = state.policy;
  const watched = deployed ? { deployed } : {};
  const to = candidate.kind === 'restore' ? candidate.policy.target : candidate.to;
  const direction = to < policy.target ? 'lower' : 'raise';
  const changed = { ...state, slackTicks: 0, changes: recordWrite(state.changes, direction, nowMs) };
  if (candidate.kind === 'restore') {
    const { target, document } = candidate.policy;
    return {
      state: {
        ...changed,
        policy: { ...watched, write: { ...candidate.policy, atMs: nowMs, replaced: policy } },
        frozenUntilMs: nowMs + FREEZE_MS,
      },
      action: { type: 'restore-policy', component, target, document, reasons },
    };
  }
  const next = cooldowns(readySeconds);
  return {
    state: {
      ...changed,
      policy: { ...watched, write: { ...next, target: candidate.to, atMs: nowMs, replaced: policy } },
      canary: { changedAtMs: nowMs, watchMs: watchMs(readySeconds.p90), previous: policy },
    },
    action: { type: 'set-target', component, from: policy.target, to: candidate.to, cooldowns: next, reasons },
  };
}
