import { mean } from '../statistics/moments';
import { quantiles } from '../statistics/quantile';
import type { Latencies } from './replay';

/** Errors as shares of what was measured: -0.02 is 2 % too fast. */
export interface LatencyErrors {
  /** The mean over requests, without sign. */
  readonly mape: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How well a profile reproduces requests of a log. */
export interface ReplayErrors {
  readonly requests: number;
  readonly endToEnd: LatencyErrors;
  readonly firstToken: LatencyErrors;
}

/** The errors of a replay against its log, request by request; at least one. */
export function replayErrors(logged: readonly Latencies[], replayed: readonly Latencies[]): ReplayErrors {
  const errorsOf = (latency: keyof Latencies) =>
    latencyErrors(
      logged.map((request) => request[latency]),
      replayed.map((request) => request[latency]),
    );
  return { requests: logged.length, endToEnd: errorsOf('doneMs'), firstToken: errorsOf('firstTokenMs') };
}

function latencyErrors(logged: readonly number[], replayed: readonly number[]): LatencyErrors {
  const mape = mean(logged.map((value, i) => Math.abs(replayed[i]! / value - 1)));
  const at = [0.5, 0.95, 0.99];
  const measured = quantiles(logged, at);
  const [p50 = NaN, p95 = NaN, p99 = NaN] = quantiles(replayed, at).map((value, i) => value / measured[i]! - 1);
  return { mape, p50, p95, p99 };
}
