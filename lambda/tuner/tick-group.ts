import {
  ALL_MECHANISMS,
  type ComponentConfig,
  type ComponentObservation,
  type ComponentState,
  type TunerAction,
  type TunerState,
  tune,
  watchMs,
} from '../../core/scale';
import { readySeconds } from '../../core/scale/ready-seconds';
import type { TunedGroup, TunerDeployment } from '../../core/scale/tuner-deployment';
import { type AgentKeeps, keptCopyOf } from './agent-keeps';
import type { AgentSplit } from './agent-split';
import type { Blind, Look } from './aws-look';
import { isBlind, isIdle } from './blindness';
import { observeHistory, remember } from './component-history';
import { type ComponentObjective, componentObjective, missingShare, splitReason } from './component-objective';
import type { KeptComponent } from './component-state';
import { type DecidedEntry, entryKey, type Verdict } from './ledger';
import { learnStarts } from './ready-times';
import { seenOf } from './seen';
import { verdictOf } from './verdict';

/** What one tick has decided about one component. */
export interface DecidedComponent {
  readonly component: string;
  /** Without the actions of this tick being done. */
  readonly kept: KeptComponent;
  readonly entry: DecidedEntry;
  readonly actions: readonly TunerAction[];
  /** Whether nothing could be decided although there is something to decide. */
  readonly isBlind: boolean;
  /** Of a change made earlier, with the sort key of its entry. */
  readonly judged?: { readonly at: string; readonly verdict: Verdict };
}

/** A change is compared with the time before it until three times the time that it is watched for have passed. */
const WATCHES_KEPT = 4;

/** Decides about the components of one group. Does nothing outside. */
export function tickGroup(
  deployment: TunerDeployment,
  group: TunedGroup,
  kept: ReadonlyMap<string, KeptComponent>,
  splits: ReadonlyMap<string, AgentSplit>,
  keeps: ReadonlyMap<string, AgentKeeps>,
  looks: ReadonlyMap<string, Look | Blind>,
  nowMs: number,
): readonly DecidedComponent[] {
  const objectives = new Map<string, ComponentObjective>();
  const configs = new Map<string, ComponentConfig>();
  const observed = new Map<string, ComponentObservation>();
  const learned = new Map<string, KeptComponent>();
  const blind = new Map<string, string>();
  for (const name of group.components) {
    const before = kept.get(name)!;
    const look = looks.get(name)!;
    const objective = componentObjective(deployment, group, splits, name);
    const config = objective && configOf(deployment, group, keeps, name, objective, look);
    if (objective) objectives.set(name, objective);
    if (config) configs.set(name, config);
    else blind.set(name, missingShare(deployment, group, splits, name));
    if ('fault' in look) {
      blind.set(name, look.fault);
      learned.set(name, before);
      continue;
    }
    const starts = learnStarts(before.starts, look.activities);
    const ready = readySeconds(starts.seconds);
    const keptMs = WATCHES_KEPT * watchMs(ready.p90);
    const history = remember(before.history, look.measured, config?.objectiveMs ?? Infinity, keptMs);
    learned.set(name, { ...before, starts, history });
    const calls = observeHistory(history, look.measured.concurrency, before.tuner);
    if (calls === undefined) continue;
    const { deployed, acknowledgedAtMs } = deployment.components[name]!;
    observed.set(name, {
      ...calls,
      copies: look.copies,
      minimumCopies: look.bounds.minCopies,
      readySeconds: ready,
      policy: look.policy,
      ...(deployed && { deployed }),
      ...(acknowledgedAtMs !== undefined && { acknowledgedAtMs }),
    });
  }

  const mode = deployment.mode === 'act' ? 'act' : 'dry-run';
  const { state, actions, reasons } = tune(
    stateOf(group, kept),
    Object.fromEntries(observed),
    {
      mode,
      mechanisms: { ...ALL_MECHANISMS, ...deployment.mechanisms },
      components: Object.fromEntries(configs),
    },
    nowMs,
  );

  const reasonsOfRuns = group.agents.flatMap((agent) => keeps.get(agent)?.reasons ?? []);

  return group.components.map((component): DecidedComponent => {
    const before = kept.get(component)!;
    const tuner = state.components[component];
    const own = actions.filter((action) => action.component === component);
    const objective = objectives.get(component);
    const prefix = `${component}: `;
    const told = [
      ...(blind.has(component) ? [blind.get(component)!] : []),
      ...(objective ? splitReason(objective, splits, nowMs) : []),
      ...[...reasonsOfRuns, ...reasons]
        .filter((reason) => reason.startsWith(prefix))
        .map((reason) => reason.slice(prefix.length)),
    ];
    const seen = observed.get(component);
    const config = configs.get(component);
    const verdict = verdictOf(before.tuner, tuner, told, nowMs);
    const changeAt = tuner?.canary?.changedAtMs === nowMs ? entryKey(nowMs) : before.changeAt;
    const { pending: _, changeAt: __, ...rest } = learned.get(component)!;
    const look = looks.get(component)!;
    const isDecided = tuner?.measuredAtMs !== before.tuner?.measuredAtMs || isKeptIdle(look, config, tuner);
    return {
      component,
      kept: {
        ...rest,
        tickedAtMs: state.tickedAtMs,
        ...(isDecided && { decidedAtMs: nowMs }),
        ...(tuner && { tuner }),
        ...(tuner?.canary && changeAt !== undefined && { changeAt }),
      },
      entry: { mode, ...(seen && objective && { seen: seenOf(seen, objective) }), reasons: told },
      actions: own,
      isBlind: isBlind(look, seen, config, nowMs),
      ...(verdict && before.changeAt !== undefined && { judged: { at: before.changeAt, verdict } }),
    };
  });
}

/** The copy that is kept for good is kept without calls, too, of which nothing may be measured. */
function isKeptIdle(
  look: Look | Blind,
  config: ComponentConfig | undefined,
  tuner: ComponentState | undefined,
): boolean {
  return !('fault' in look) && isIdle(look.measured) && config?.keptCopy === 'always' && tuner?.minimum?.copies === 1;
}

function stateOf({ components }: TunedGroup, kept: ReadonlyMap<string, KeptComponent>): TunerState {
  const ticks = components.flatMap((name) => kept.get(name)!.tickedAtMs ?? []);
  const states = components.flatMap((name) => {
    const { tuner } = kept.get(name)!;
    return tuner ? [[name, tuner] as const] : [];
  });
  return { ...(ticks.length > 0 && { tickedAtMs: Math.max(...ticks) }), components: Object.fromEntries(states) };
}

function configOf(
  { components }: TunerDeployment,
  group: TunedGroup,
  keeps: ReadonlyMap<string, AgentKeeps>,
  name: string,
  { objectiveMs, criticality }: ComponentObjective,
  look: Look | Blind,
): ComponentConfig {
  const { minCopies, maxCopies, minTarget, maxTarget, pricePerCopyHourUsd } = components[name]!;
  const kept = keptCopyOf(
    group.agents.flatMap((agent) => keeps.get(agent) ?? []),
    name,
  );
  const most = 'fault' in look ? maxCopies : Math.min(maxCopies, look.bounds.maxCopies);
  return {
    objectiveMs,
    minTarget,
    maxTarget,
    minCopies,
    // Whoever lowers the live maximum must be heeded.
    maxCopies: Math.max(1, minCopies, most),
    pricePerCopyHourUsd,
    criticality,
    ...(kept && { keptCopy: kept }),
  };
}
