import type { CallMinute } from '../../core/scale/measured-calls';
import type { LatencyPercentiles } from '../../core/scale/pooled-latency';
import type { Caller, TunedComponent } from '../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../core/time-units';
import { groupBy } from './batches';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { orchestratorQuery, PERCENTILE_QUERIES, percentileQueries, percentileSeries, sound } from './percentile-series';

const MINUTE_SECONDS = 60;
const SAMPLE_SECONDS = 10;

/** A minute of a component; its latencies are measured for each node that calls it. */
export type ComponentMinute = CallMinute<readonly LatencyPercentiles[]>;

const CALL_SUMS = ['CallLatency', 'CallWait', 'WaitingRoomTime', 'ColdStarts'] as const;
const QUERIES_PER_CALLER = PERCENTILE_QUERIES + CALL_SUMS.length + 1;

/**
 * Everything that is asked of one component: latencies as the orchestrator sees them, which include the time lost to
 * refusals and retries, and what SageMaker tells of its copies.
 */
export function componentQueries(
  { inferenceComponentName }: TunedComponent,
  callers: readonly Caller[],
): readonly MetricQuery[] {
  const sagemaker = (metric: string, statistic: string, periodSeconds: number): MetricQuery => ({
    namespace: 'AWS/SageMaker',
    metric,
    dimensions: { InferenceComponentName: inferenceComponentName },
    statistic,
    periodSeconds,
  });
  return [
    ...callers.flatMap((caller) => [
      ...percentileQueries(caller, 'CallLatency', MINUTE_SECONDS),
      ...[...CALL_SUMS, 'CallErrors'].map((metric) => orchestratorQuery(caller, metric, 'Sum', MINUTE_SECONDS)),
    ]),
    sagemaker('Invocation4XXErrors', 'Sum', MINUTE_SECONDS),
    sagemaker('NoCapacityInvocationFailures', 'Sum', MINUTE_SECONDS),
    // Valid are minimum and maximum; a policy of high resolution follows the peak.
    sagemaker('ConcurrentRequestsPerCopy', 'Maximum', SAMPLE_SECONDS),
  ];
}

/** A minute as it was measured, and how many of its calls failed. */
export interface MeasuredMinute {
  readonly minute: ComponentMinute;
  readonly errors: number;
}

export interface MeasuredComponent {
  /** Minutes with data, oldest first. The newest of them is complete. */
  readonly minutes: readonly MeasuredMinute[];
  /** Ten-second samples of the concurrency per copy, oldest first. */
  readonly concurrency: readonly number[];
}

/**
 * Puts the answers together.
 *
 * A minute in which copies were busy although no call is told of is not out yet, or its metrics are lost: minutes from
 * there on are left out, until a later one has calls.
 *
 * @param series in the order of `componentQueries`
 * @param endMs end of the newest minute that is complete
 * @throws MetricFault
 */
export function measureComponent(
  series: readonly (Series | MetricFault)[],
  callers: readonly Caller[],
  endMs: number,
): MeasuredComponent {
  const ofCallers = callers.map((_, i) => series.slice(i * QUERIES_PER_CALLER, (i + 1) * QUERIES_PER_CALLER));
  const [refused, noCapacity, samples] = series.slice(callers.length * QUERIES_PER_CALLER).map(sound);
  const latencies = ofCallers.map((each) => percentileSeries(each.slice(0, PERCENTILE_QUERIES)));
  const sums = ofCallers.map((each) => each.slice(PERCENTILE_QUERIES).map(sound));
  const sumAt = (metric: number, atMs: number) => sums.reduce((sum, each) => sum + (each[metric]?.get(atMs) ?? 0), 0);

  const concurrency = [...(samples ?? [])].filter(([atMs]) => atMs < endMs).sort(([a], [b]) => a - b);
  const byMinute = groupBy(concurrency, ([atMs]) => Math.floor(atMs / MINUTE_MS) * MINUTE_MS);
  const starts = new Set([...latencies.flatMap((each) => [...each.keys()]), ...byMinute.keys()]);
  const minutes = [...starts]
    .filter((startMs) => startMs + MINUTE_MS <= endMs)
    .sort((a, b) => a - b)
    .map((startMs): MeasuredMinute => {
      const latency = latencies.flatMap((each) => each.get(startMs) ?? []);
      const ended = latency.reduce((sum, { count }) => sum + count, 0);
      const coldMs = sumAt(2, startMs);
      const sampled = byMinute.get(startMs)?.map(([, value]) => value) ?? [];
      return {
        minute: {
          startMs,
          latency,
          started: ended,
          ended,
          latencyMs: sumAt(0, startMs),
          coldMs,
          waitMs: Math.max(0, sumAt(1, startMs) - coldMs),
          coldStarts: sumAt(3, startMs),
          // Whether refusals for want of a copy count among these is not documented; they are no refusals of copies.
          rejects: Math.max(0, (refused?.get(startMs) ?? 0) - (noCapacity?.get(startMs) ?? 0)),
          concurrency: sampled.reduce((sum, value) => sum + value, 0),
          concurrencySamples: sampled.length,
        },
        errors: sumAt(4, startMs),
      };
    });
  const isTold = ({ minute }: MeasuredMinute) => minute.ended > 0 || minute.concurrency === 0;
  return {
    minutes: minutes.slice(0, minutes.findLastIndex(isTold) + 1),
    concurrency: concurrency.map(([, value]) => value),
  };
}
