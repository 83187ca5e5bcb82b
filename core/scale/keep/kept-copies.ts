import { HOUR_MS } from '../../time-units';
import type { Decision } from '../decision';
import { roundTo } from '../numbers';
import { addRuns, judgeRuns, NO_EVIDENCE, type RunEvidence, type RunsSeen } from './run-evidence';

/**
 * Which of the components of an agent that may be at zero copies keep one, learned from whole runs. Plain JSON data.
 */
export interface KeepState {
  /** One step each, oldest first: the first of a component keeps its copy while it is in use, the second for good. */
  readonly steps: readonly string[];
  /** Of the last change, or of the first look. */
  readonly changedAtMs?: number;
  /** Runs that ended until then are counted. */
  readonly countedToMs?: number;
  /** Which the late runs are late of; others are no evidence. */
  readonly objectiveMs?: number;
  readonly evidence: RunEvidence;
  /** How long the objective must be met before a step is taken back to see whether it is still needed. */
  readonly patienceMs: number;
  /** The last step that was taken back, until one is added again. */
  readonly trial?: { readonly component: string; readonly atMs: number };
}

/** How a component that may be at zero is kept. */
export type KeptCopy = 'in-use' | 'always';

export interface KeepObservation extends RunsSeen {
  /** Runs that ended until then are in it: those since the last observation. */
  readonly measuredAtMs: number;
}

export interface KeepConfig {
  readonly mode: 'act' | 'dry-run';
  /** Of the P95 of whole runs. */
  readonly objectiveMs: number;
  /** Price of a copy of each component that may be at zero, by name. */
  readonly pricesPerHourUsd: Readonly<Record<string, number>>;
}

/** What has changed. */
export interface KeepChange {
  readonly type: 'keep' | 'let-go';
  readonly component: string;
  readonly reason: string;
}

/** A week: one of each hour. */
export const FIRST_PATIENCE_MS = 7 * 24 * HOUR_MS;

/** Eight weeks; after as long without need for a step patience begins anew. */
export const LONGEST_PATIENCE_MS = 56 * 24 * HOUR_MS;

/** Until a copy that is to be kept serves, and one that is not has gone, runs tell of what was before. */
export const SETTLE_MS = 0.5 * HOUR_MS;

/** The second step keeps a copy for good: there is nothing beyond. */
const MOST_STEPS = 2;

/** Half of what a P95 objective allows to be late: fewer runs that meet a cold start are not why it is missed. */
const TELLING_COLD_SHARE = 0.025;

export const NO_KEPT_COPIES: KeepState = { steps: [], evidence: NO_EVIDENCE, patienceMs: FIRST_PATIENCE_MS };

export function keptCopy({ steps }: KeepState, component: string): KeptCopy | undefined {
  const count = steps.filter((step) => step === component).length;
  if (count === 0) return undefined;
  return count < MOST_STEPS ? 'in-use' : 'always';
}

/**
 * Decides which components that may be at zero copies keep one: as few as whole runs need to meet their objective.
 *
 * A step is added while the P95 of runs is beyond the objective and cold starts can be why: for the component whose
 * copy spares most waiting for its price. It is taken back, the oldest first, once the objective has been met for as long
 * as patience asks; if it is missed again then, the step is back and patience doubles. So a stationary load sees ever
 * fewer changes, and a component that has become needless is let go of in the end.
 */
export function decideKeptCopies(
  before: KeepState,
  observation: KeepObservation,
  config: KeepConfig,
  nowMs: number,
): Decision<KeepState, KeepChange> {
  if (!isSound(observation, nowMs)) return { state: before, actions: [], reasons: ['runs: no sound counts'] };
  const state = withRuns(before, observation, config, nowMs);
  const change = changeOf(state, config, nowMs);
  if (change === undefined) return { state, actions: [], reasons: [] };
  if (config.mode === 'dry-run') {
    return { state, actions: [], reasons: [`${change.component}: dry run: would ${change.type}: ${change.reason}`] };
  }
  return {
    state: change.type === 'keep' ? withStep(state, change.component, nowMs) : withoutStep(state, nowMs),
    actions: [change],
    reasons: [`${change.component}: ${change.reason}`],
  };
}

function isSound({ measuredAtMs, runs, late, cold, coldMs }: KeepObservation, nowMs: number): boolean {
  const isAmount = (value: number) => value >= 0 && value < Infinity;
  const isCount = (count: number) => isAmount(count) && count <= runs;
  return (
    isAmount(runs) && isCount(late) && isCount(cold) && Object.values(coldMs).every(isAmount) && measuredAtMs <= nowMs
  );
}

/** Counts what is new. What ended before the last change had settled tells nothing. */
function withRuns(before: KeepState, seen: KeepObservation, { objectiveMs }: KeepConfig, nowMs: number): KeepState {
  const isSame = before.objectiveMs === objectiveMs;
  const { changedAtMs = nowMs, countedToMs = seen.measuredAtMs } = before;
  const state = { ...before, objectiveMs, changedAtMs, ...(!isSame && { evidence: NO_EVIDENCE }) };
  if (before.countedToMs !== undefined && seen.measuredAtMs <= before.countedToMs) return state;
  const isSettled =
    seen.measuredAtMs >= changedAtMs + SETTLE_MS || (state.steps.length === 0 && state.trial === undefined);
  return {
    ...state,
    countedToMs: seen.measuredAtMs,
    ...(isSettled && { evidence: addRuns(state.evidence, seen, seen.measuredAtMs - countedToMs) }),
  };
}

function changeOf(state: KeepState, config: KeepConfig, nowMs: number): KeepChange | undefined {
  const { evidence, patienceMs, trial, steps } = state;
  const verdict = judgeRuns(evidence);
  if (verdict === 'missed' && isForCold(evidence)) {
    const component = isOnTrial(state, config, nowMs) ? trial?.component : dearestWait(state, config);
    if (component === undefined) return undefined;
    return { type: 'keep', component, reason: `${told(evidence)}: its copy is kept ${wordOf(state, component)}` };
  }
  const [oldest] = steps;
  // Of a few runs a day nothing is ever certain.
  const waitMs = verdict === 'met' ? patienceMs : LONGEST_PATIENCE_MS;
  if (verdict === 'missed' || oldest === undefined || nowMs - state.changedAtMs! < waitMs) return undefined;
  return { type: 'let-go', component: oldest, reason: `${told(evidence)}: its copy is tried without` };
}

/** What was taken back last is what is missing now. */
function isOnTrial(state: KeepState, { pricesPerHourUsd }: KeepConfig, nowMs: number): boolean {
  const { trial, patienceMs } = state;
  return trial !== undefined && pricesPerHourUsd[trial.component] !== undefined && nowMs - trial.atMs < patienceMs;
}

function isForCold({ short: { runs, cold } }: RunEvidence): boolean {
  return cold >= TELLING_COLD_SHARE * runs;
}

/** The component that runs wait longest for, for what a copy of it costs. */
function dearestWait({ steps, evidence }: KeepState, { pricesPerHourUsd }: KeepConfig): string | undefined {
  const waits = Object.entries(pricesPerHourUsd)
    .filter(([name]) => steps.filter((step) => step === name).length < MOST_STEPS)
    .map(([name, price]) => ({ name, msPerUsd: (evidence.long.coldMs[name] ?? 0) / price }))
    .filter(({ msPerUsd }) => msPerUsd > 0);
  return waits.toSorted((a, b) => b.msPerUsd - a.msPerUsd)[0]?.name;
}

function withStep({ trial, ...state }: KeepState, component: string, nowMs: number): KeepState {
  const isCalm = nowMs - state.changedAtMs! >= LONGEST_PATIENCE_MS;
  const patienceMs = isCalm ? FIRST_PATIENCE_MS : state.patienceMs;
  return {
    ...state,
    steps: [...state.steps, component],
    changedAtMs: nowMs,
    evidence: NO_EVIDENCE,
    patienceMs: trial === undefined || isCalm ? patienceMs : Math.min(LONGEST_PATIENCE_MS, 2 * patienceMs),
  };
}

function withoutStep(state: KeepState, nowMs: number): KeepState {
  const [component, ...steps] = state.steps;
  return { ...state, steps, changedAtMs: nowMs, evidence: NO_EVIDENCE, trial: { component: component!, atMs: nowMs } };
}

function wordOf({ steps }: KeepState, component: string): string {
  return steps.includes(component) ? 'for good' : 'while it is in use';
}

function told({ long: { runs, late, cold } }: RunEvidence): string {
  const percent = (count: number) => `${roundTo((100 * count) / Math.max(runs, 1), 1)} %`;
  return `of ${Math.round(runs)} runs ${percent(late)} beyond the objective, ${percent(cold)} met a cold start`;
}
