import type { LatencyDistribution } from '../../core/scale';
import type { MeasuredNode } from '../../core/scale/measured-split';
import { partTimes } from '../../core/scale/planned-time';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../core/scale/pooled-latency';
import type { ShapeNode } from '../../core/scale/split/graph-shape';
import type { MeasuredAgent } from '../../core/scale/split-goal';
import { callerOf, type TunedAgent } from '../../core/scale/tuner-deployment';
import { HOUR_SECONDS } from '../../core/time-units';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { PERCENTILE_QUERIES, percentileQueries, percentileSeries } from './percentile-series';

/** An hour of fewer requests does not tell a P95. */
const REQUESTS_TO_TELL = 60;

/** A call that fails, and one that is given up, may not be told: not all runs need tell theirs. */
const MOST_RUNS = 0.5;

/** Percentiles from which a mean is taken. */
const MEAN_OF = 100;

/** A day of an agent. */
export interface AgentDay {
  readonly agent: MeasuredAgent;
  /** Mean of the service times of calls over their P95, by component that has a share. */
  readonly meanOverP95: ReadonlyMap<string, number>;
}

/** Times of nodes and of what they and plans call, by the hour. */
export function nodeQueries(agent: string, tuned: TunedAgent): readonly MetricQuery[] {
  return timesAsked(tuned).flatMap(({ node, metric }) =>
    percentileQueries(callerOf(agent, tuned, node), metric, HOUR_SECONDS),
  );
}

/** The time of a part of a plan is no metric: it is a share of that of the plan. */
function timesAsked({ nodes }: TunedAgent) {
  return nodes.flatMap((node) => [
    ...(node.part ? [] : [{ node, metric: 'NodeLatency' } as const]),
    ...(node.component === undefined ? [] : [{ node, metric: 'CallLatency' } as const]),
  ]);
}

/**
 * @param isTuned whether a component has a share
 * @param runs of the day
 * @param series in the order of `nodeQueries`
 * @throws MetricFault
 */
export function agentDay(
  tuned: TunedAgent,
  isTuned: (component: string) => boolean,
  runs: number,
  series: readonly (Series | MetricFault)[],
): AgentDay {
  const { nodes, objectiveMs } = tuned;
  const hours = { NodeLatency: new Map<string, Hours>(), CallLatency: new Map<string, Hours>() };
  for (const [at, { node, metric }] of timesAsked(tuned).entries()) {
    const own = percentileSeries(series.slice(at * PERCENTILE_QUERIES, (at + 1) * PERCENTILE_QUERIES));
    hours[metric].set(node.id, [...own.values()]);
  }
  const told = nodes.filter(({ part }) => part === undefined || isToldByPart(part.plan, nodes, hours));
  const calls = new Map<string, LatencyPercentiles[]>();
  for (const { id, component } of told) {
    const own = hours.CallLatency.get(id) ?? [];
    if (component === undefined || !isTuned(component) || own.length === 0) continue;
    calls.set(component, [...(calls.get(component) ?? []), ...calmest(own)]);
  }
  const calm = [...calls].map(([component, parts]) => [component, poolLatencies(parts)] as const);
  return {
    agent: {
      nodes,
      measured: measuredNodes(told, runs, hours),
      callP95Ms: new Map(calm.map(([component, latency]) => [component, latency.percentileMs(95)])),
      objectiveMs,
    },
    meanOverP95: new Map(calm.map(([component, latency]) => [component, meanMs(latency) / latency.percentileMs(95)])),
  };
}

type Hours = readonly LatencyPercentiles[];
type HoursOf = Readonly<Record<'NodeLatency' | 'CallLatency', ReadonlyMap<string, Hours>>>;

/**
 * Whether most runs of a plan tell what it called: each calls its planner, which is the first of its parts. Functions of before do
 * not tell, and the few calls that are told first would decide the shares for long.
 */
function isToldByPart(plan: string, nodes: readonly ShapeNode[], { NodeLatency, CallLatency }: HoursOf): boolean {
  const planner = nodes.find(({ part }) => part?.plan === plan)!;
  return countOf(CallLatency.get(planner.id)!) >= MOST_RUNS * countOf(NodeLatency.get(plan)!);
}

/** Of a plan its parts, once they are told. */
function measuredNodes(
  nodes: readonly ShapeNode[],
  runs: number,
  { NodeLatency, CallLatency }: HoursOf,
): ReadonlyMap<string, MeasuredNode> {
  const measured = new Map<string, MeasuredNode>();
  for (const [id, hours] of NodeLatency) {
    const node = { latency: poolLatencies(calmest(hours)), reach: Math.min(1, countOf(hours) / runs) };
    const parts = nodes.filter(({ part }) => part?.plan === id).map((part) => part.id);
    const callsMs = parts.map((part) => [part, calmTimeMs(CallLatency.get(part)!)] as const);
    const partsOfPlan = partTimes(node, Object.fromEntries(callsMs));
    for (const [each, time] of partsOfPlan ?? [[id, node] as const]) measured.set(each, time);
  }
  return measured;
}

/** What the calls of a day would have taken together if all had been as calm as the calmest. */
function calmTimeMs(hours: Hours): number {
  return hours.length === 0 ? 0 : countOf(hours) * meanMs(poolLatencies(calmest(hours)));
}

function countOf(hours: Hours): number {
  return total(hours.map(({ count }) => count));
}

function meanMs(latency: LatencyDistribution): number {
  return total(Array.from({ length: MEAN_OF }, (_, i) => latency.percentileMs((100 * (i + 0.5)) / MEAN_OF))) / MEAN_OF;
}

/** The hour whose P95 was lowest: nearest to light load. All hours if none tells. */
function calmest(hours: readonly LatencyPercentiles[]): readonly LatencyPercentiles[] {
  const p95 = PERCENTILE_GRID.indexOf(95);
  const telling = hours.filter(({ count }) => count >= REQUESTS_TO_TELL);
  if (telling.length === 0) return hours;
  return [telling.reduce((calm, each) => (each.valuesMs[p95]! < calm.valuesMs[p95]! ? each : calm))];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
