import { MINUTE_MS } from '../time-units';
import { evidenceWindowMinutes, LONGEST_WINDOW_MINUTES } from './evidence-window';
import { type LatencyDistribution, measureP95, SLACK_SAMPLES } from './p95-verdict';
import type { ComponentObservation } from './tuner/observation';

/** What became of the calls of one component in one minute. Times are sums over its calls. */
export interface CallMinute<L> {
  readonly startMs: number;
  /** Of the calls that ended, however many parts they were measured in. */
  readonly latency: L;
  readonly started: number;
  /** Calls that ended. */
  readonly ended: number;
  readonly latencyMs: number;
  /** Waiting for a copy to become ready. */
  readonly coldMs: number;
  /** Waiting for anything else, such as the next try. */
  readonly waitMs: number;
  readonly coldStarts: number;
  readonly rejects: number;
  /** Sum of the samples of the concurrency per copy. */
  readonly concurrency: number;
  readonly concurrencySamples: number;
}

/** The part of an observation that minutes of calls tell. */
export type MeasuredCalls = Pick<
  ComponentObservation,
  | 'measuredAtMs'
  | 'windowMs'
  | 'latency'
  | 'slackEvidence'
  | 'concurrencyPerCopy'
  | 'waitShare'
  | 'rejects'
  | 'coldStarts'
  | 'requestsPerSecond'
  | 'meanServiceSeconds'
>;

/** Over how many of the last minutes the rate of the calls is taken. */
const RATE_MINUTES = 5;

/** Minutes that are looked at. */
export const MINUTES_KEPT = LONGEST_WINDOW_MINUTES;

/**
 * Puts minutes together to what the tuner judges, over as short a window as holds enough calls. How many calls a copy
 * queues inside is not seen from the outside.
 *
 * @param minutes one after another without a gap, newest last; the last of them is complete
 * @param pool the latencies of several minutes as one distribution
 * @param knownServiceSeconds what a call took, for a window in which none ended
 * @returns undefined without a minute
 */
export function measureCalls<L>(
  minutes: readonly CallMinute<L>[],
  pool: (latencies: readonly L[]) => LatencyDistribution,
  knownServiceSeconds: number,
): MeasuredCalls | undefined {
  const newest = minutes.at(-1);
  if (newest === undefined) return undefined;
  const counts = minutes.map(({ ended }) => ended);
  const window = minutes.slice(-evidenceWindowMinutes(counts));
  const sum = (of: (minute: CallMinute<L>) => number) => window.reduce((total, minute) => total + of(minute), 0);
  const latency = poolOf(window, pool);
  const slackWindow = minutes.slice(-evidenceWindowMinutes(counts, SLACK_SAMPLES));
  const latencyMs = sum((minute) => minute.latencyMs);
  const samples = sum(({ concurrencySamples }) => concurrencySamples);
  const recent = minutes.slice(-RATE_MINUTES);
  return {
    measuredAtMs: newest.startMs + MINUTE_MS,
    windowMs: window.length * MINUTE_MS,
    ...(latency.count > 0 && {
      latency: measureP95(latency),
      slackEvidence: { windowMs: slackWindow.length * MINUTE_MS, latency: measureP95(poolOf(slackWindow, pool)) },
    }),
    ...(samples > 0 && { concurrencyPerCopy: sum(({ concurrency }) => concurrency) / samples }),
    waitShare: latencyMs > 0 ? sum(({ waitMs }) => waitMs) / latencyMs : 0,
    rejects: sum(({ rejects }) => rejects),
    coldStarts: sum(({ coldStarts }) => coldStarts),
    requestsPerSecond: (1000 * recent.reduce((n, { started }) => n + started, 0)) / (recent.length * MINUTE_MS),
    meanServiceSeconds:
      latency.count > 0 ? (latencyMs - sum(({ coldMs }) => coldMs)) / latency.count / 1000 : knownServiceSeconds,
  };
}

function poolOf<L>(
  minutes: readonly CallMinute<L>[],
  pool: (latencies: readonly L[]) => LatencyDistribution,
): LatencyDistribution {
  return pool(minutes.map(({ latency }) => latency));
}
