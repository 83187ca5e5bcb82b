import { type LatencyPercentiles, PERCENTILE_GRID } from '../../core/scale/pooled-latency';
import { METRICS_NAMESPACE, METRICS_SERVICE } from '../../core/telemetry/metrics';
import { MetricFault, type MetricQuery, type Series } from './metric-data';

/** What the orchestrator's metrics of a node, of what a plan calls, or of a whole agent are told apart by. */
export interface MetricSource {
  readonly agent: string;
  readonly functionName: string;
  readonly node?: string;
  readonly component?: string;
}

export function orchestratorQuery(
  { agent, functionName, node, component }: MetricSource,
  metric: string,
  statistic: string,
  periodSeconds: number,
): MetricQuery {
  const dimensions = {
    service: METRICS_SERVICE,
    function: functionName,
    agent,
    ...(node !== undefined && { node }),
    ...(component !== undefined && { component }),
  };
  return { namespace: METRICS_NAMESPACE, metric, dimensions, statistic, periodSeconds };
}

/** Asks for the count of a latency metric and for its percentiles. */
export function percentileQueries(source: MetricSource, metric: string, periodSeconds: number): MetricQuery[] {
  return ['SampleCount', ...PERCENTILE_GRID.map(statisticOf)].map((statistic) =>
    orchestratorQuery(source, metric, statistic, periodSeconds),
  );
}

export const PERCENTILE_QUERIES = PERCENTILE_GRID.length + 1;

/**
 * The distributions by the start of their periods. One that is not complete is left out: it will be with the next look.
 *
 * @param series in the order of `percentileQueries`
 * @throws MetricFault
 */
export function percentileSeries(series: readonly (Series | MetricFault)[]): ReadonlyMap<number, LatencyPercentiles> {
  const [counts, ...percentiles] = series.map(sound);
  const found = new Map<number, LatencyPercentiles>();
  for (const [atMs, count] of counts ?? []) {
    const valuesMs = percentiles.flatMap((values) => values.get(atMs) ?? []);
    if (count > 0 && valuesMs.length === PERCENTILE_GRID.length) found.set(atMs, { count, valuesMs: rising(valuesMs) });
  }
  return found;
}

/** @throws MetricFault */
export function sound(series: Series | MetricFault): Series {
  if (series instanceof MetricFault) throw series;
  return series;
}

function statisticOf(percentile: number): string {
  if (percentile === 0) return 'Minimum';
  return percentile === 100 ? 'Maximum' : `p${percentile}`;
}

/** Percentiles are estimated one by one, so that neighbours may lie in the wrong order by a little. */
function rising(values: readonly number[]): number[] {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}
