import { attributeBreach } from '../attribution';
import { isGuardActive } from '../burst-guard';
import { changeRefusal } from '../change-budget';
import { isUsable, type LatencyFit } from '../latency-fit';
import { clamp, roundTo } from '../numbers';
import { judgeP95 } from '../p95-verdict';
import { type StepDirection, safeStep } from '../safe-step';
import { proposeTarget } from '../target-proposal';
import type { Candidate } from './candidate';
import type { ComponentConfig } from './config';
import type { ComponentObservation } from './observation';
import { slackProof } from './slack-proof';
import type { ComponentState } from './state';

export interface TargetDecision {
  readonly state: ComponentState;
  readonly candidate?: Candidate;
  readonly reasons: readonly string[];
}

/** A component that is never critical must not look infinitely cheap to slow down. */
const LEAST_CRITICALITY = 0.01;

/** More is no chance: the engine takes fewer calls at once than the target says. */
const MOST_REFUSED = 0.01;

/** What is missing beyond this may be filled at any time: it is load that has not come. */
const LEAST_FILLED = 0.85;

/** Judges the latency and, if the target should and may move, says where to and what for. */
export function decideTarget(
  before: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  nowMs: number,
): TargetDecision {
  const { latency, policy } = observation;
  if (latency === undefined) return { state: { ...before, slackTicks: 0 }, reasons: ['no requests'] };

  const judged = judgeP95(latency, config.objectiveMs);
  const slack = judged.verdict === 'breach' ? undefined : slackProof(before, observation, config);
  const state = { ...before, slackTicks: slack === undefined ? 0 : before.slackTicks + 1 };
  const { reason } = slack === undefined ? judged : judgeP95(slack, config.objectiveMs);
  const stay = (...reasons: string[]) => ({ state, reasons: [reason, ...reasons] });
  if (judged.verdict !== 'breach' && slack === undefined) return stay();

  const direction: StepDirection = slack === undefined ? 'lower' : 'raise';
  const attribution = attributeBreach({
    ...observation,
    target: policy.target,
    fit: state.fit,
    objectiveMs: config.objectiveMs,
  });
  if (direction === 'lower' && !attribution.loadCaused) return stay(attribution.reason);

  const refusal = moveRefusal(direction, state, observation, config, nowMs);
  if (refusal !== undefined) return stay(refusal);

  const proposal = proposeTarget(state.fit, policy.target, (slack ?? latency).p95Ms, config.objectiveMs);
  const wanted = direction === 'raise' ? proposal.target / filledShare(observation) : proposal.target;
  const to = safeStep(direction, policy.target, wanted, state.trust.radius, config);
  if (to === undefined)
    return stay(proposal.reason, `target ${policy.target} stays: no step within its bounds is large enough`);

  const reasons = [reason, ...(direction === 'lower' ? [attribution.reason] : []), proposal.reason];
  return {
    state,
    candidate: { kind: direction, to, reasons, score: scoreOf(direction, to, state.fit, observation, config) },
    reasons,
  };
}

/**
 * What part of their target copies are filled to. Whole copies round up what a load needs, and target tracking lets go
 * of them late, so that a fleet whose target is the right concurrency has less.
 */
function filledShare({ policy, concurrencyPerCopy = policy.target }: ComponentObservation): number {
  return clamp(concurrencyPerCopy / policy.target, LEAST_FILLED, 1);
}

/** Why a target must not move now, whatever its latency. */
function moveRefusal(
  direction: StepDirection,
  state: ComponentState,
  observation: ComponentObservation,
  config: ComponentConfig,
  nowMs: number,
): string | undefined {
  const { frozenUntilMs = -Infinity, changes } = state;
  if (nowMs < frozenUntilMs) return `frozen for another ${Math.ceil((frozenUntilMs - nowMs) / 60_000)} min`;
  if (direction === 'lower' && observation.copies.desired >= config.maxCopies) {
    return `already at its maximum of ${config.maxCopies} copies: a lower target adds none`;
  }
  if (direction === 'lower' && wereStarting(state, observation)) {
    return 'the latency was measured in part while copies were starting: more are on their way, or have just come';
  }
  if (direction === 'raise' && observation.copies.desired <= Math.max(1, config.minCopies)) {
    return `already at its minimum of ${config.minCopies} copies: a higher target saves none`;
  }
  const refused = refusedShare(observation);
  if (direction === 'raise' && refused > MOST_REFUSED) {
    return `copies refuse ${roundTo(100 * refused, 1)} % of the calls: a higher target would have them refuse more`;
  }
  if (direction === 'raise' && isGuardActive(state.guard, nowMs)) return 'no scale-in while the burst guard is active';
  if (direction === 'raise' && state.canary !== undefined) return 'the last change is still watched';
  const windowMs = (direction === 'raise' && observation.slackEvidence?.windowMs) || observation.windowMs;
  if (observation.measuredAtMs - windowMs < (changes.lastChangeMs ?? -Infinity)) {
    return 'the latency was measured in part before the last change';
  }
  return changeRefusal(
    {
      direction,
      history: changes,
      coldStartSeconds: observation.readySeconds.p90,
      slackTicks: state.slackTicks,
      coldStarts: observation.coldStarts,
    },
    nowMs,
  );
}

/** Of the calls, of which those that were refused are tried again. */
function refusedShare({ rejects, latency }: ComponentObservation): number {
  return rejects / Math.max(1, latency?.count ?? 0);
}

/** Such a latency is that of too few copies at that moment, whatever the target. */
function wereStarting({ startingAtMs = -Infinity }: ComponentState, observation: ComponentObservation): boolean {
  return startingAtMs > observation.measuredAtMs - observation.windowMs;
}

/**
 * What the agent gains: milliseconds of its P95 per dollar an hour where the target is lowered, dollars an hour per
 * millisecond where it is raised. The concurrency per copy follows its target.
 */
function scoreOf(
  direction: StepDirection,
  to: number,
  fit: LatencyFit,
  observation: ComponentObservation,
  config: ComponentConfig,
): number {
  const from = observation.policy.target;
  const shift = Math.abs(1 - to / from);
  const { concurrencyPerCopy = 0, latency } = observation;
  const loadMs = isUsable(fit) ? fit.slopeMs * concurrencyPerCopy : latency!.p95Ms;
  const latencyMs = Math.max(config.criticality, LEAST_CRITICALITY) * Math.max(loadMs * shift, 1e-3);
  const copies = Math.max(1, observation.copies.desired);
  const costPerHourUsd = config.pricePerCopyHourUsd * copies * Math.abs(from / to - 1);
  return direction === 'lower' ? latencyMs / costPerHourUsd : costPerHourUsd / latencyMs;
}
