import type { TunerAction } from './actions';
import type { Candidate } from './candidate';
import type { ComponentConfig, Mechanisms } from './config';
import { learn } from './learn';
import { decideMinimum } from './minimum';
import type { ComponentObservation } from './observation';
import { observationFault } from './observation-fault';
import { watchPolicy } from './policy-watch';
import { recommend } from './recommend';
import { decideRestore, followCanary } from './rollback';
import { type ComponentState, newComponentState } from './state';
import { decideTarget, type TargetDecision } from './target';

export interface ComponentTick {
  readonly state: ComponentState;
  /** What is done whatever the other components need. */
  readonly actions: readonly TunerAction[];
  /** A write of the policy, which competes with those of the other components. */
  readonly candidate?: Candidate;
  readonly reasons: readonly string[];
}

/** One tick of one component, all but the choice between components. Without fresh and sound data nothing happens. */
export function tickComponent(
  component: string,
  known: ComponentState | undefined,
  observation: ComponentObservation | undefined,
  config: ComponentConfig,
  mechanisms: Mechanisms,
  nowMs: number,
): ComponentTick {
  const before = known ?? newComponentState(nowMs);
  const idle = (reason: string) => ({ state: before, actions: [], reasons: [reason] });
  if (observation === undefined) return idle('no metrics: nothing done');
  const fault = observationFault(observation, config.objectiveMs, nowMs);
  if (fault !== undefined) return idle(`${fault}: nothing done`);
  if (observation.measuredAtMs <= (before.measuredAtMs ?? -Infinity)) return idle('no metrics since the last tick');

  const learned = learn(before, observation, nowMs);
  const minimum = decideMinimum(component, learned, observation, config, mechanisms, nowMs);
  const target = mechanisms.targets
    ? decidePolicy(minimum.state, observation, config, nowMs)
    : { state: minimum.state, reasons: [] };
  const recommended = recommend(component, target.state, observation, config);
  return {
    state: recommended.state,
    actions: [...(minimum.action === undefined ? [] : [minimum.action]), ...recommended.actions],
    candidate: target.candidate,
    reasons: [...minimum.reasons, ...target.reasons, ...recommended.actions.flatMap(({ reasons }) => reasons)],
  };
}

/** The policy: whose it is, whether its last change was good, and where its target should go. */
function decidePolicy(
  before: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  nowMs: number,
): TargetDecision {
  const { watch, standing, reason } = watchPolicy(
    before.policy,
    observation.policy,
    observation.deployed,
    observation.acknowledgedAtMs,
    nowMs,
  );
  const told = reason === undefined ? [] : [reason];
  const watched = { ...before, policy: watch };
  if (standing === 'drifted' || standing === 'deployed') {
    // Whoever changed the policy does not want our rollback on top of it.
    const { canary: _, restore: __, ...theirs } = watched;
    return { state: { ...theirs, slackTicks: 0 }, reasons: told };
  }
  if (standing === 'in-flight') return { state: watched, reasons: told };

  const canary = followCanary(watched, observation, config, nowMs);
  const restore = decideRestore(canary.state, observation, nowMs);
  const reasons = [...told, ...canary.reasons, ...restore.reasons];
  if (restore.state.restore !== undefined) return { ...restore, reasons };

  const step = decideTarget(restore.state, observation, config, nowMs);
  return { ...step, reasons: [...reasons, ...step.reasons] };
}
