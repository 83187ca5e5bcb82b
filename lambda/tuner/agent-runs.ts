import type { KeepObservation } from '../../core/scale/keep/kept-copies';
import { poolLatencies } from '../../core/scale/pooled-latency';
import type { ShapeNode } from '../../core/scale/split/graph-shape';
import { callerOf, type TunedAgent } from '../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../core/time-units';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { orchestratorQuery, PERCENTILE_QUERIES, percentileQueries, percentileSeries, sound } from './percentile-series';

const MINUTE_SECONDS = MINUTE_MS / 1000;

/** Whole runs by the minute: how long they took, how many failed, how many cold starts they met, and who waited for them. */
export function runQueries(name: string, tuned: TunedAgent): readonly MetricQuery[] {
  const agent = { agent: name, functionName: tuned.functionName };
  return [
    ...percentileQueries(agent, 'RunLatency', MINUTE_SECONDS),
    ...percentileQueries(agent, 'CascadeDepth', MINUTE_SECONDS),
    orchestratorQuery(agent, 'RunErrors', 'Sum', MINUTE_SECONDS),
    ...tuned.nodes
      .filter(isCaller)
      .map((node) => orchestratorQuery(callerOf(name, tuned, node), 'WaitingRoomTime', 'Sum', MINUTE_SECONDS)),
  ];
}

/**
 * What became of the runs that ended up to then. Percentiles of a minute tell the share of its runs beyond a value to a few
 * percent, and rounded to whole runs exactly where they are few.
 *
 * @param series in the order of `runQueries`
 * @throws MetricFault
 */
export function runsSeen(
  { nodes, objectiveMs }: TunedAgent,
  series: readonly (Series | MetricFault)[],
  measuredAtMs: number,
): KeepObservation {
  const beyond = (from: number, limit: number) =>
    [...percentileSeries(series.slice(from, from + PERCENTILE_QUERIES)).values()].map((minute) => ({
      count: minute.count,
      beyond: Math.round(minute.count * poolLatencies([minute]).shareBeyond(limit)),
    }));
  const [errors, ...waits] = series.slice(2 * PERCENTILE_QUERIES).map(sound);
  const latencies = beyond(0, objectiveMs);
  const failed = sum(errors?.values() ?? []);
  const runs = Math.max(failed, sum(latencies.map(({ count }) => count)));
  const coldMs: Record<string, number> = {};
  for (const [i, { component }] of nodes.filter(isCaller).entries()) {
    coldMs[component] = (coldMs[component] ?? 0) + sum(waits[i]?.values() ?? []);
  }
  return {
    measuredAtMs,
    runs,
    // A run that failed may also have taken too long.
    late: Math.min(runs, failed + sum(latencies.map((minute) => minute.beyond))),
    cold: Math.min(runs, sum(beyond(PERCENTILE_QUERIES, 0).map((minute) => minute.beyond))),
    coldMs,
  };
}

function isCaller(node: ShapeNode): node is ShapeNode & { readonly component: string } {
  return node.component !== undefined;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
