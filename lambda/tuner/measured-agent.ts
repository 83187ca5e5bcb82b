import type { LatencyDistribution } from '../../core/scale';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../core/scale/pooled-latency';
import type { MeasuredAgent } from '../../core/scale/split-goal';
import type { TunedAgent } from '../../core/scale/tuner-deployment';
import { HOUR_SECONDS } from '../../core/time-units';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { PERCENTILE_QUERIES, percentileQueries, percentileSeries } from './percentile-series';

/** An hour of fewer requests does not tell a P95. */
const REQUESTS_TO_TELL = 60;

/** Percentiles from which a mean is taken. */
const MEAN_OF = 100;

/** A day of an agent. */
export interface AgentDay {
  readonly agent: MeasuredAgent;
  /** Mean of the service times of calls over their P95, by component that has a share. */
  readonly meanOverP95: ReadonlyMap<string, number>;
}

/** Times of nodes and of their calls, by the hour. */
export function nodeQueries(agent: string, { functionName, nodes }: TunedAgent): readonly MetricQuery[] {
  return nodes.flatMap(({ id }) =>
    ['NodeLatency', 'CallLatency'].flatMap((metric) =>
      percentileQueries({ agent, functionName, node: id }, metric, HOUR_SECONDS),
    ),
  );
}

/**
 * @param isTuned whether a component has a share
 * @param runs of the day
 * @param series in the order of `nodeQueries`
 * @throws MetricFault
 */
export function agentDay(
  { nodes, objectiveMs }: TunedAgent,
  isTuned: (component: string) => boolean,
  runs: number,
  series: readonly (Series | MetricFault)[],
): AgentDay {
  const hoursAt = (at: number) =>
    percentileSeries(series.slice(at * PERCENTILE_QUERIES, (at + 1) * PERCENTILE_QUERIES));
  const measured = nodes.map(({ id }, i) => {
    const hours = [...hoursAt(2 * i).values()];
    const reach = Math.min(1, total(hours.map(({ count }) => count)) / runs);
    return [id, { latency: poolLatencies(calmest(hours)), reach }] as const;
  });
  const calls = new Map<string, LatencyPercentiles[]>();
  for (const [i, { component }] of nodes.entries()) {
    if (component === undefined || !isTuned(component)) continue;
    const hours = [...hoursAt(2 * i + 1).values()];
    if (hours.length > 0) calls.set(component, [...(calls.get(component) ?? []), ...calmest(hours)]);
  }
  const calm = [...calls].map(([component, parts]) => [component, poolLatencies(parts)] as const);
  return {
    agent: {
      nodes,
      measured: new Map(measured),
      callP95Ms: new Map(calm.map(([component, latency]) => [component, latency.percentileMs(95)])),
      objectiveMs,
    },
    meanOverP95: new Map(calm.map(([component, latency]) => [component, meanOverP95(latency)])),
  };
}

function meanOverP95(latency: LatencyDistribution): number {
  const values = Array.from({ length: MEAN_OF }, (_, i) => latency.percentileMs((100 * (i + 0.5)) / MEAN_OF));
  return total(values) / MEAN_OF / latency.percentileMs(95);
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
