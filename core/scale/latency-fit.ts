import { clamp } from './numbers';

/**
 * An online straight-line fit of P95 latency on concurrency per copy. A decode step is linear in its batch, so is
 * the P95 in the concurrency.
 */
export interface LatencyFit {
  /** P95 of an idle copy. */
  readonly interceptMs: number;
  /** What one more concurrent request adds. */
  readonly slopeMs: number;
  /** Upper triangle of the covariance of both: intercept, mixed, slope. */
  readonly covariance: readonly [number, number, number];
  readonly updates: number;
  /** Mean size of a residual, from which outliers are told. */
  readonly residualMs: number;
  /** Concurrencies met so far, each apart from the others; no more than are needed. */
  readonly levels: readonly number[];
  /** Smoothed observed / predicted: what the line does not know, such as longer outputs than usual. */
  readonly correction: number;
}

/** Fewer different concurrencies than this do not tell a slope from noise. */
export const MIN_LEVELS = 8;

/** Nearer concurrencies are one level: eight levels reach from one concurrency to at least 1.5 times that. */
const LEVEL_RATIO = 1.06;

/** Weight of an observation one update later: about the last 50 count. */
const FORGETTING = 0.98;

/** So wide that the first observations decide. */
const PRIOR_VARIANCE = 1e6;

/** Huber's constant: 95 % as efficient as least squares on normal residuals. */
const HUBER_K = 1.345;

/** Neighbouring windows overlap, so that the standard errors of a fit look better than they are. */
export const DOUBT_Z = 3;

/** Standard deviation of normal residuals over their mean size. */
const DEVIATION_PER_MEAN_SIZE = Math.sqrt(Math.PI / 2);

/** Smaller residuals are noise of the measurement: a perfect past must not make the next change an outlier. */
const NOISE_SHARE = 0.02;

const SMOOTHING = 0.2;

export const NO_FIT: LatencyFit = {
  interceptMs: 0,
  slopeMs: 0,
  covariance: [PRIOR_VARIANCE, 0, PRIOR_VARIANCE],
  updates: 0,
  residualMs: 0,
  levels: [],
  correction: 1,
};

/** Whether the line has met enough different loads, and rises with load, as it must. */
export function isUsable(fit: LatencyFit): boolean {
  return fit.levels.length >= MIN_LEVELS && fit.slopeMs > 0;
}

export function predictP95Ms(fit: LatencyFit, concurrencyPerCopy: number): number {
  return fit.interceptMs + fit.slopeMs * concurrencyPerCopy;
}

/** P95 of an idle copy, as corrected, and how far it may be off: its standard error. */
export function idleP95Ms(fit: LatencyFit): { readonly p95Ms: number; readonly errorMs: number } {
  return {
    p95Ms: fit.interceptMs * fit.correction,
    errorMs: fit.correction * deviationMs(fit) * Math.sqrt(fit.covariance[0]),
  };
}

/** Whether both what an idle copy takes and what load adds stand out of the noise. */
export function isCertain(fit: LatencyFit): boolean {
  const [intercept, , slope] = fit.covariance;
  const doubtMs = DOUBT_Z * deviationMs(fit);
  return fit.interceptMs > doubtMs * Math.sqrt(intercept) && fit.slopeMs > doubtMs * Math.sqrt(slope);
}

/** Standard deviation of a residual. */
function deviationMs({ residualMs }: LatencyFit): number {
  return DEVIATION_PER_MEAN_SIZE * residualMs;
}

/**
 * Learns from one measurement: recursive least squares with exponential forgetting and Huber-clipped residuals.
 *
 * Without new information forgetting inflates the covariance until noise decides (Åström and Wittenmark,
 * _Adaptive Control_, section 11.5), so nothing is forgotten beyond the prior's variance.
 */
export function learnLatency(fit: LatencyFit, concurrencyPerCopy: number, p95Ms: number): LatencyFit {
  const c = concurrencyPerCopy;
  const [p11, p12, p22] = fit.covariance;
  const predicted = predictP95Ms(fit, c);
  const residual = clipResidual(fit, p95Ms - predicted, p95Ms);

  const gainIntercept = p11 + p12 * c;
  const gainSlope = p12 + p22 * c;
  const denominator = FORGETTING + gainIntercept + gainSlope * c;
  const kept: readonly [number, number, number] = [
    p11 - (gainIntercept * gainIntercept) / denominator,
    p12 - (gainIntercept * gainSlope) / denominator,
    p22 - (gainSlope * gainSlope) / denominator,
  ];
  const forget = (kept[0] + kept[2]) / FORGETTING > 2 * PRIOR_VARIANCE ? 1 : FORGETTING;

  return {
    interceptMs: fit.interceptMs + (gainIntercept * residual) / denominator,
    slopeMs: fit.slopeMs + (gainSlope * residual) / denominator,
    covariance: [kept[0] / forget, kept[1] / forget, kept[2] / forget],
    updates: fit.updates + 1,
    residualMs: nextResidualSize(fit, residual),
    levels: withLevel(fit.levels, c),
    correction: nextCorrection(fit, p95Ms / predicted),
  };
}

/** An outlier moves the line only as far as a plain residual could. The first observations are too few to tell one. */
function clipResidual(fit: LatencyFit, residualMs: number, p95Ms: number): number {
  if (fit.updates < MIN_LEVELS) return residualMs;
  const deviation = Math.max(deviationMs(fit), NOISE_SHARE * p95Ms);
  return clamp(residualMs, -HUBER_K * deviation, HUBER_K * deviation);
}

/** A plain mean at first, a smoothed one later. The first two observations only place the line. */
function nextResidualSize(fit: LatencyFit, residualMs: number): number {
  if (fit.updates < 2) return 0;
  const weight = Math.max(SMOOTHING, 1 / (fit.updates - 1));
  return fit.residualMs + weight * (Math.abs(residualMs) - fit.residualMs);
}

function withLevel(levels: readonly number[], concurrencyPerCopy: number): readonly number[] {
  const isNear = (level: number) => Math.abs(Math.log(concurrencyPerCopy / level)) < Math.log(LEVEL_RATIO);
  return levels.length >= MIN_LEVELS || levels.some(isNear) ? levels : [...levels, concurrencyPerCopy];
}

function nextCorrection(fit: LatencyFit, ratio: number): number {
  if (fit.updates < MIN_LEVELS || !(ratio > 0)) return fit.correction;
  return fit.correction + SMOOTHING * (clamp(ratio, 0.5, 2) - fit.correction);
}
