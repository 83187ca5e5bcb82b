import { roundTo } from '../../core/scale/numbers';
import type { TunedGroup, TunerDeployment } from '../../core/scale/tuner-deployment';
import type { AgentSplit } from './agent-split';
import type { SeenSplit } from './ledger';

/** What P95 the calls of a component should have. */
export interface ComponentObjective {
  readonly objectiveMs: number;
  readonly criticality: number;
  /** Left out of an objective of its own. */
  readonly split?: SeenSplit;
}

/** Of a component that agents share, the strictest objective; undefined while there is none. */
export function componentObjective(
  { agents, components }: TunerDeployment,
  group: TunedGroup,
  splits: ReadonlyMap<string, AgentSplit>,
  name: string,
): ComponentObjective | undefined {
  const shares = callersIn({ agents }, group, name).flatMap((agent): Required<ComponentObjective>[] => {
    const { stretch, components: split } = splits.get(agent)!;
    const share = split?.[name];
    if (!share) return [];
    const { criticality, basis } = share;
    const objectiveMs = stretch * share.objectiveMs;
    return [
      { objectiveMs, criticality, split: { agent, basis, proportionalMs: stretch * share.proportionalMs, stretch } },
    ];
  });
  const criticality = shares.length === 0 ? 1 : Math.max(...shares.map((share) => share.criticality));
  const own = components[name]!.objectiveMs;
  if (own !== undefined) return { objectiveMs: own, criticality };
  const [first, ...others] = shares;
  if (first === undefined) return undefined;
  const strictest = others.reduce((least, next) => (next.objectiveMs < least.objectiveMs ? next : least), first);
  return { ...strictest, criticality };
}

/** Agents of the group that call a component. */
function callersIn({ agents }: Pick<TunerDeployment, 'agents'>, group: TunedGroup, name: string): readonly string[] {
  return group.agents.filter((agent) => agents[agent]!.nodes.some(({ component }) => component === name));
}

/** Why a component has no objective. */
export function missingShare(
  deployment: TunerDeployment,
  group: TunedGroup,
  splits: ReadonlyMap<string, AgentSplit>,
  name: string,
): string {
  const isSplit = callersIn(deployment, group, name).some((agent) => splits.get(agent)!.components);
  return isSplit
    ? 'it has no share of the objective yet: too few of its calls have been measured'
    : 'the objective is not split yet: too few runs have been measured';
}

/** In words and numbers how a share was found, told when it was looked at. */
export function splitReason(
  { objectiveMs, split }: ComponentObjective,
  splits: ReadonlyMap<string, AgentSplit>,
  nowMs: number,
): readonly string[] {
  const { lookedAtMs, cost } = (split && splits.get(split.agent)) ?? {};
  if (split === undefined || lookedAtMs !== nowMs) return [];
  const { agent, basis, proportionalMs, stretch } = split;
  const share = `its share of the objective of ${agent}: ${Math.round(objectiveMs)} ms`;
  const stretched = `all shares stretched ${roundTo(stretch, 2)} times`;
  if (basis === 'proportional' || cost === undefined) {
    return [`${share}, in proportion to what calm calls take; ${stretched}`];
  }
  const { usdPerHour, proportionalUsdPerHour: usd } = cost;
  return [
    `${share}, by what copies cost, ${Math.round(proportionalMs)} ms in proportion; ${stretched}; ` +
      `copies are to cost $${roundTo(usdPerHour, 2)} an hour, ` +
      (usd === null ? 'in proportion none would be enough' : `$${roundTo(usd, 2)} in proportion`),
  ];
}
