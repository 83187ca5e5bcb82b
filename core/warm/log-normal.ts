import { DAY_MS } from '../time-units';
import { decayOf } from './decay';
import { normalQuantile } from './normal';

/** Durations seen so far, as the moments of their logarithms; older ones count less. */
export interface DurationHistory {
  /** How many, as far as they still count. */
  readonly weight: number;
  readonly meanLogMs: number;
  /** Sum of the squared deviations from the mean. */
  readonly squares: number;
  /** When it was last brought up to date. */
  readonly atMs: number;
}

/** A log-normal distribution of durations in milliseconds, by the mean and the standard deviation of the logarithm. */
export interface LogNormal {
  readonly meanLog: number;
  readonly sdLog: number;
}

/** What is believed of a duration before it is measured. */
export interface DurationPrior {
  readonly medianMs: number;
  /** Coefficient of variation. */
  readonly variation: number;
}

const HALF_LIFE_MS = DAY_MS;

/** A prior gives way to as many measurements: cold starts are rare. */
const PRIOR_WEIGHT = 3;

/** Logarithms need a positive number. */
const SHORTEST_MS = 0.001;

export function addDuration(history: DurationHistory | undefined, durationMs: number, nowMs: number): DurationHistory {
  const kept = history ? decayOf(nowMs - history.atMs, HALF_LIFE_MS) : 0;
  const before = kept * (history?.weight ?? 0);
  const weight = before + 1;
  const deviation = Math.log(Math.max(SHORTEST_MS, durationMs)) - (history?.meanLogMs ?? 0);
  return {
    weight,
    meanLogMs: (history?.meanLogMs ?? 0) + deviation / weight,
    squares: kept * (history?.squares ?? 0) + (deviation * deviation * before) / weight,
    atMs: Math.max(nowMs, history?.atMs ?? nowMs),
  };
}

/** The distribution that has the moments of the prior and of the durations seen, pooled by weight. */
export function durationOf(history: DurationHistory | undefined, prior: DurationPrior, nowMs: number): LogNormal {
  const priorLog = Math.log(Math.max(SHORTEST_MS, prior.medianMs));
  const priorSquares = PRIOR_WEIGHT * Math.log1p(prior.variation ** 2);
  if (!history) return { meanLog: priorLog, sdLog: Math.sqrt(priorSquares / PRIOR_WEIGHT) };
  const kept = decayOf(nowMs - history.atMs, HALF_LIFE_MS);
  const seen = kept * history.weight;
  const weight = PRIOR_WEIGHT + seen;
  const meanLog = (PRIOR_WEIGHT * priorLog + seen * history.meanLogMs) / weight;
  const squares =
    priorSquares +
    PRIOR_WEIGHT * (priorLog - meanLog) ** 2 +
    kept * history.squares +
    seen * (history.meanLogMs - meanLog) ** 2;
  return { meanLog, sdLog: Math.sqrt(squares / weight) };
}

export function quantileMs({ meanLog, sdLog }: LogNormal, p: number): number {
  return Math.exp(meanLog + sdLog * normalQuantile(p));
}

export function meanMs({ meanLog, sdLog }: LogNormal): number {
  return Math.exp(meanLog + (sdLog * sdLog) / 2);
}
