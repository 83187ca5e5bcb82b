import { quantileOfSorted } from '../statistics/quantile';
import type { LatencyParts, ResultRow } from './result';
import type { RunOutcome } from './simulate';

/** Requests between these percentiles stand for those around the P95. */
const AROUND_P95 = [0.93, 0.97] as const;

export interface Score {
  readonly row: Omit<ResultRow, 'cell' | 'seed'>;
  readonly p95Parts: LatencyParts;
}

/** What a run is worth, over the requests that count. */
export function score({ log, firstScored, costUsd, instanceHours }: RunOutcome, spanUs: number, p95Ms: number): Score {
  const latencies = log.latencyUs.subarray(firstScored);
  const sorted = Float64Array.from(latencies).sort();
  const count = Math.max(1, latencies.length);
  const within = latencies.reduce((sum, latencyUs) => sum + (latencyUs <= p95Ms * 1000 ? 1 : 0), 0);
  const errors = latencies.reduce((sum, latencyUs) => sum + (latencyUs === Infinity ? 1 : 0), 0);
  const answered = latencies.reduce((sum, latencyUs) => sum + (latencyUs < Infinity ? 1 : 0), 0);
  const cold = log.depth.subarray(firstScored).reduce((sum, depth) => sum + (depth > 0 ? 1 : 0), 0);
  return {
    row: {
      p50Ms: msAt(sorted, 0.5),
      p95Ms: msAt(sorted, 0.95),
      p99Ms: msAt(sorted, 0.99),
      costUsd,
      requests: answered + errors,
      throughputRps: answered / (spanUs / 1e6),
      coldShare: cold / count,
      errors,
      attainment: within / count,
      instanceHours,
    },
    p95Parts: partsAround(log, firstScored, sorted),
  };
}

/** Null if so many failed that the quantile is one of them. */
function msAt(sorted: Float64Array, quantile: number): number | null {
  const us = quantileOfSorted(sorted, quantile);
  return Number.isFinite(us) ? us / 1000 : null;
}

function partsAround(log: RunOutcome['log'], first: number, sorted: Float64Array): LatencyParts {
  const [low, high] = AROUND_P95.map((quantile) => quantileOfSorted(sorted, quantile));
  let count = 0;
  const sums = { queueMs: 0, serviceMs: 0, coldMs: 0, retryMs: 0, orchestrationMs: 0 };
  for (let at = first; at < log.latencyUs.length; at++) {
    const latencyUs = log.latencyUs[at]!;
    if (latencyUs < low! || latencyUs > high! || latencyUs === Infinity) continue;
    count++;
    sums.queueMs += log.queueUs[at]! / 1000;
    sums.serviceMs += log.serviceUs[at]! / 1000;
    sums.coldMs += log.coldUs[at]! / 1000;
    sums.retryMs += log.retryUs[at]! / 1000;
    sums.orchestrationMs += log.orchestrationUs[at]! / 1000;
  }
  const mean = (sum: number) => (count === 0 ? 0 : sum / count);
  return {
    queueMs: mean(sums.queueMs),
    serviceMs: mean(sums.serviceMs),
    coldMs: mean(sums.coldMs),
    retryMs: mean(sums.retryMs),
    orchestrationMs: mean(sums.orchestrationMs),
  };
}
