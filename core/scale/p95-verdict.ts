import { requirePositive, roundTo } from './numbers';

/** Which side of its objective a P95 latency is on, once sampling error is allowed for. */
export type P95Verdict = 'breach' | 'hold' | 'too-few-samples';

/** A latency distribution that can be asked for any percentile, as CloudWatch can. */
export interface LatencyDistribution {
  /** Number of requests behind the percentiles. */
  readonly count: number;
  /** Latency at percentile `p` (0 to 100), in milliseconds. */
  percentileMs(p: number): number;
}

/** A measured P95 with its 95 % confidence band. */
export interface P95Band {
  /** Number of requests behind it. */
  readonly count: number;
  readonly p95Ms: number;
  readonly lowMs: number;
  /** `null` while no sample bounds the P95 from above, because JSON has no infinity. */
  readonly highMs: number | null;
}

export interface P95Judgement {
  readonly verdict: P95Verdict;
  readonly reason: string;
}

/** Below this many requests the band is wider than 5.5 percentile points: widen the window instead of acting. */
export const MIN_SAMPLES = 60;

/** Of so many requests the band is less than five percentile points wide, so that noise does not hide slack. */
export const SLACK_SAMPLES = 300;

/** Aim below the objective: a P95 at the objective breaches it half of the time. */
export const OBJECTIVE_SHARE = 0.85;

const BAND_Z = 1.96;

/**
 * The two percentiles between which the P95 of `count` requests lies with 95 % confidence.
 *
 * The band of a quantile lies at neighbouring order statistics, so it costs two more percentiles and no model
 * (Conover, _Practical Nonparametric Statistics_, section 3.2). `high` is `null` below 73 requests: there no
 * sample bounds the P95 from above.
 */
export function bandPercentiles(count: number): { readonly low: number; readonly high: number | null } {
  const halfBand = 100 * BAND_Z * Math.sqrt((0.95 * 0.05) / count);
  return { low: Math.max(0, 95 - halfBand), high: 95 + halfBand > 100 ? null : 95 + halfBand };
}

/** Reads the P95 and its band from a distribution of at least one request. */
export function measureP95(latency: LatencyDistribution): P95Band {
  const { low, high } = bandPercentiles(latency.count);
  return {
    count: latency.count,
    p95Ms: latency.percentileMs(95),
    lowMs: latency.percentileMs(low),
    highMs: high === null ? null : latency.percentileMs(high),
  };
}

/**
 * Judges a P95 against its objective by its confidence band.
 *
 * @throws RangeError if `objectiveMs` is not a positive number.
 */
export function judgeP95(band: P95Band, objectiveMs: number): P95Judgement {
  requirePositive('objectiveMs', objectiveMs);
  const { count, lowMs, highMs } = band;
  if (!(count >= MIN_SAMPLES)) return { verdict: 'too-few-samples', reason: `${count} of ${MIN_SAMPLES} requests` };
  return {
    verdict: lowMs > objectiveMs ? 'breach' : 'hold',
    reason: `P95 in [${roundTo(lowMs, 1)}, ${highMs === null ? '∞' : roundTo(highMs, 1)}] ms, objective ${roundTo(objectiveMs, 1)} ms`,
  };
}

/**
 * Whether the P95 would still be below its aim after it has grown: the whole band, so that breach and slack never meet.
 *
 * @param growth what the next raise of the target multiplies the P95 by at most, at least 1
 */
export function hasSlack({ highMs }: P95Band, objectiveMs: number, growth: number): boolean {
  return highMs !== null && growth * highMs < OBJECTIVE_SHARE * objectiveMs;
}
