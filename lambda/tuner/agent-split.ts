import { correctionPeriodMs, correctSplit, judgedFromMs, measureP95 } from '../../core/scale';
import {
  type ComponentShare,
  type ComponentShares,
  moveShares,
  proportionalShares,
} from '../../core/scale/component-shares';
import { type CostCurve, costCurve, type KnownCalls } from '../../core/scale/cost-curve';
import { type KeptCurves, keepCurves } from '../../core/scale/kept-curves';
import { type LatencyDistribution, OBJECTIVE_SHARE } from '../../core/scale/p95-verdict';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../core/scale/pooled-latency';
import type { SplitCost } from '../../core/scale/split-goal';
import type { TunedAgent, TunerDeployment } from '../../core/scale/tuner-deployment';
import { DAY_MS, HOUR_MS, HOUR_SECONDS } from '../../core/time-units';
import { type AgentDay, agentDay, nodeQueries } from './measured-agent';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { orchestratorQuery, PERCENTILE_QUERIES, percentileQueries, percentileSeries, sound } from './percentile-series';

/** How far back whole runs and nodes are looked at. */
export const LOOK_BACK_MS = DAY_MS;

/** Shares move once in each. */
const DAY_PART_MS = 6 * HOUR_MS;

/** The objective is split by what as many runs needed: the band of their P95 is six percentile points wide. */
const RUNS_TO_SPLIT = 200;

/** Until there is a split, it is looked for as often. */
const LOOK_EVERY_MS = 5 * 60_000;

/** How the objective of an agent is split over its components. Plain JSON data. */
export interface AgentSplit {
  readonly lookedAtMs?: number;
  /** What is split: the objective, over which nodes, of which what is tuned. */
  readonly subject?: string;
  /** Factor on all shares. */
  readonly stretch: number;
  /** When the objective was split; left out where that was long ago. */
  readonly splitAtMs?: number;
  /** When the stretch last changed. */
  readonly stretchedAtMs?: number;
  /** Before the stretch; left out until enough runs have come. */
  readonly components?: ComponentShares;
  /** What copies cost by the share, of components whose fit was to be trusted. */
  readonly curves?: KeptCurves;
  /** What copies were to cost at the last look; left out while the split is proportional. */
  readonly cost?: SplitCost;
}

/** As it may be stored: of schema 2 it knows no basis. */
export type StoredSplit = Omit<AgentSplit, 'components'> & {
  readonly components?: Readonly<
    Record<string, Pick<ComponentShare, 'objectiveMs' | 'criticality'> & Partial<ComponentShare>>
  >;
};

/** What ticks have learned of the calls of a component. */
export type LearnedCalls = Omit<KnownCalls, 'meanOverP95'>;

export const NO_SPLIT: AgentSplit = { stretch: 1 };

/** The split as it is stored, or none if it is of another objective or graph, or if other components are tuned now. */
export function stillSplit(
  stored: StoredSplit,
  agent: TunedAgent,
  components: TunerDeployment['components'],
): AgentSplit {
  if (stored.subject !== subjectOf(agent, components)) return NO_SPLIT;
  const { components: split, ...rest } = stored;
  return { ...rest, ...(split && { components: sharesOf(split) }) };
}

/** A share without a basis is proportional. */
function sharesOf(stored: NonNullable<StoredSplit['components']>): ComponentShares {
  return Object.fromEntries(
    Object.entries(stored).map(([component, share]) => [
      component,
      { basis: 'proportional', proportionalMs: share.objectiveMs, ...share },
    ]),
  );
}

/** Whether it is time to look at the agent's runs: more often in the first day of a split, and most until there is one. */
export function isSplitDue(
  { lookedAtMs = -Infinity, components: split, splitAtMs = 0 }: AgentSplit,
  { nodes }: TunedAgent,
  components: TunerDeployment['components'],
  nowMs: number,
): boolean {
  const isNeeded = nodes.some(({ component }) => {
    const tuned = component === undefined ? undefined : components[component];
    return tuned !== undefined && tuned.objectiveMs === undefined;
  });
  if (!isNeeded) return false;
  if (split === undefined) return nowMs - lookedAtMs >= LOOK_EVERY_MS;
  return !isSamePart(nowMs, lookedAtMs, correctionPeriodMs(nowMs - splitAtMs));
}

/** Whole runs, and times of nodes and their calls, by the hour. */
export function splitQueries(agent: string, tuned: TunedAgent): readonly MetricQuery[] {
  const { functionName } = tuned;
  return [
    ...percentileQueries({ agent, functionName }, 'RunLatency', HOUR_SECONDS),
    orchestratorQuery({ agent, functionName }, 'RunErrors', 'Sum', HOUR_SECONDS),
    ...nodeQueries(agent, tuned),
  ];
}

/**
 * Follows whole runs through a day. Splits the objective once enough of them have come, in proportion to what components
 * take. In each part of a day moves shares toward those with which copies cost least, and at each look stretches or shrinks
 * all of them until runs use the objective. Components that were not called before get a share once they are: it is split anew then.
 *
 * @param learned by component
 * @param series in the order of `splitQueries`
 * @throws MetricFault
 */
export function followRuns(
  before: AgentSplit,
  agent: TunedAgent,
  components: TunerDeployment['components'],
  learned: ReadonlyMap<string, LearnedCalls>,
  series: readonly (Series | MetricFault)[],
  nowMs: number,
): AgentSplit {
  const whole = {
    latency: percentileSeries(series.slice(0, PERCENTILE_QUERIES)),
    failed: sound(series[PERCENTILE_QUERIES]!),
  };
  const runs = runsSince(whole, -Infinity);
  const known = before.components;
  const looked = { lookedAtMs: nowMs, subject: subjectOf(agent, components) };
  const isTuned = (component: string) => Object.hasOwn(components, component);
  const day =
    runs.count < RUNS_TO_SPLIT ? undefined : agentDay(agent, isTuned, runs.count, series.slice(PERCENTILE_QUERIES + 1));
  const hasAll = known !== undefined && tunedBy(agent, components).every((name) => Object.hasOwn(known, name));
  const found = day && !hasAll ? proportionalShares(day.agent, uniformNumbers()) : undefined;
  if (found && Object.keys(found).some((name) => !Object.hasOwn(known ?? {}, name))) {
    // One that had no calls for a day keeps its share.
    const began = { stretch: NO_SPLIT.stretch, splitAtMs: nowMs, stretchedAtMs: nowMs };
    return { ...looked, ...began, components: { ...known, ...found } };
  }
  if (known === undefined) return { ...looked, stretch: before.stretch };
  const stretched = { ...before, ...looked, ...stretchBy(whole, before, agent.objectiveMs, nowMs) };
  if (!day || isSamePart(nowMs, before.lookedAtMs ?? -Infinity, DAY_PART_MS)) return stretched;
  const { cost: _, ...kept } = stretched;
  const curves = keepCurves(before.curves ?? {}, curvesOf(day, components, learned), nowMs);
  const trusted = new Map(Object.entries(curves));
  const aim = OBJECTIVE_SHARE * stretched.stretch;
  const { shares, cost } = moveShares(known, day.agent, trusted, aim, uniformNumbers());
  return { ...kept, components: shares, curves, ...(cost && { cost }) };
}

/** Whole runs by the hour. */
interface WholeRuns {
  readonly latency: ReadonlyMap<number, LatencyPercentiles>;
  readonly failed: Series;
}

function runsSince({ latency, failed }: WholeRuns, fromMs: number): LatencyDistribution {
  const hours = [...latency].flatMap(([atMs, hour]) => (atMs >= fromMs ? [hour] : []));
  const failures = [...failed].reduce((sum, [atMs, count]) => (atMs >= fromMs ? sum + count : sum), 0);
  return poolLatencies([...hours, ...failedRuns(failures)]);
}

/** The stretch, and when it changed if it has. */
function stretchBy(
  whole: WholeRuns,
  { stretch: before, splitAtMs = 0, stretchedAtMs = 0 }: AgentSplit,
  objectiveMs: number,
  nowMs: number,
): Pick<AgentSplit, 'stretch' | 'stretchedAtMs'> {
  const runs = runsSince(whole, judgedFromMs(splitAtMs, stretchedAtMs, nowMs));
  const stretch = runs.count > 0 ? correctSplit(before, measureP95(runs), objectiveMs) : before;
  return { stretch, ...(stretch !== before && { stretchedAtMs: nowMs }) };
}

/** Every one that nodes of the agent call, once. */
function tunedBy({ nodes }: TunedAgent, components: TunerDeployment['components']): readonly string[] {
  const called = nodes.flatMap(({ component }) => component ?? []);
  return [...new Set(called)].filter((name) => Object.hasOwn(components, name));
}

function subjectOf(agent: TunedAgent, components: TunerDeployment['components']): string {
  return JSON.stringify([agent.objectiveMs, agent.nodes, tunedBy(agent, components).toSorted()]);
}

/** Of each component whose fit is to be trusted what its copies cost. One with an objective of its own keeps that. */
function curvesOf(
  { meanOverP95 }: AgentDay,
  components: TunerDeployment['components'],
  learned: ReadonlyMap<string, LearnedCalls>,
): ReadonlyMap<string, CostCurve> {
  return new Map(
    [...meanOverP95].flatMap(([component, ratio]) => {
      const known = learned.get(component);
      const tuned = components[component]!;
      if (known === undefined || tuned.objectiveMs !== undefined) return [];
      const curve = costCurve({ ...known, meanOverP95: ratio }, tuned);
      return curve ? [[component, curve] as const] : [];
    }),
  );
}

/** A run that failed took for ever, whatever it took. */
function failedRuns(count: number): LatencyPercentiles[] {
  return count > 0 ? [{ count, valuesMs: PERCENTILE_GRID.map(() => Number.MAX_VALUE) }] : [];
}

function isSamePart(oneMs: number, otherMs: number, partMs: number): boolean {
  return Math.floor(oneMs / partMs) === Math.floor(otherMs / partMs);
}

/** The same numbers each time: what is decided can be decided again. A linear congruential generator (Numerical Recipes). */
function uniformNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
