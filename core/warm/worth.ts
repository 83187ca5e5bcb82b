import { HOUR_MS } from '../time-units';
import { type ColdStart, unusedMs } from './cold-start';
import { meanMs, quantileMs } from './log-normal';
import { normalQuantile } from './normal';
import { arrivalQuantileMs, firstArrivalOf, type Wish } from './wish';

/** What it costs to have a component warm, and to wait for it. */
export interface ComponentCosts {
  /** Of one copy. */
  readonly pricePerHourUsd: number;
  /** Billed for a start, however short; five minutes of an imported model. @default 0 */
  readonly minimumBillUsd?: number;
  /**
   * What an hour of waiting costs the caller, in hours of a copy: the one dial between money and waiting. The greater it
   * is, the less likely a call needs to be for a start to pay, and the longer copies stay after a call. At the default a
   * copy whose start takes 4 minutes stays for 3.6 h while its idle times are unknown; where calls are rare and may
   * wait, 5 to 10 comes nearer to what such a copy is worth.
   *
   * @default 50
   */
  readonly delayPenaltyFactor?: number;
}

/**
 * - `marginal`: a start is paid either way if the component is called, so only what warming adds counts
 * - `full`: the whole warm-up counts, called or not
 */
export type CostRule = 'marginal' | 'full';

/** When to start a component for what is wanted of it, and whether that pays. */
export interface Worth {
  readonly probability: number;
  /** From now: 0 means at once. */
  readonly startInMs: number;
  /** From now: until when a copy would be kept if nothing called it. */
  readonly keepForMs: number;
  /** For how long it would then be paid. */
  readonly paidMs: number;
  readonly benefitUsd: number;
  readonly costUsd: number;
  readonly isWorthIt: boolean;
}

const PENALTY_FACTOR = 50;

/** Plans reckon with starts and calls that are late. */
export const LATE = 0.9;

/** Of eight equally likely cold starts, in standard deviations of the logarithm. */
const COLD_START_SCORES = Array.from({ length: 8 }, (_, i) => normalQuantile((i + 0.5) / 8));

/** What an hour of waiting for a component costs the caller, in USD. */
export function delayPenaltyPerHourUsd({ pricePerHourUsd, delayPenaltyFactor }: ComponentCosts): number {
  return (delayPenaltyFactor ?? PENALTY_FACTOR) * pricePerHourUsd;
}

/**
 * Weighs the waits that starting a cold component now would save against what that would cost.
 *
 * Each run that calls it a time A from now saves min(A, D) of its cold start D, and the time in which its call would
 * only have been noticed. The start comes when the newsvendor would have it: too early costs the price h, too late the
 * penalty l, so it aims at the h / (h + l) quantile of A, less the 90th percentile of D.
 *
 * @param wishes of one component, one for each run
 * @param graceMs how long a copy would stay after the time by which the call should have come
 */
export function worthOfWarming(
  wishes: readonly Wish[],
  coldStart: ColdStart,
  costs: ComponentCosts,
  graceMs: number,
  rule: CostRule,
  nowMs: number,
): Worth {
  const price = costs.pricePerHourUsd / HOUR_MS;
  const penalty = delayPenaltyPerHourUsd(costs) / HOUR_MS;
  const starts = COLD_START_SCORES.map((score) => Math.exp(coldStart.meanLog + coldStart.sdLog * score));
  const lateStartMs = quantileMs(coldStart, LATE);
  const first = firstArrivalOf(wishes, nowMs);
  const keepForMs = Math.max(lateStartMs, arrivalQuantileMs(first, LATE)) + graceMs;
  const paidMs = unusedMs(coldStart, meanMs(coldStart), keepForMs);
  const fullUsd = price * paidMs + (costs.minimumBillUsd ?? 0);

  let savedMs = 0;
  for (const { probability, arrivalsAtMs } of wishes) {
    const weight = probability / arrivalsAtMs.length;
    const overlap = new MeanOverlap(starts);
    for (const atMs of arrivalsAtMs) {
      savedMs += weight * (coldStart.reactionMs + overlap.with(Math.max(0, atMs - nowMs)));
    }
  }
  let earlyMs = 0;
  const overlap = new MeanOverlap(starts);
  for (const { afterMs, weight } of first.points) earlyMs += weight * (afterMs - overlap.with(afterMs));
  const benefitUsd = penalty * savedMs;
  const costUsd = rule === 'full' ? fullUsd : price * earlyMs + (1 - first.probability) * fullUsd;
  return {
    probability: first.probability,
    startInMs: Math.max(0, arrivalQuantileMs(first, price / (price + penalty)) - lateStartMs),
    keepForMs,
    paidMs,
    benefitUsd,
    costUsd,
    isWorthIt: benefitUsd > costUsd,
  };
}

/** The mean of min(A, D) over the cold starts D; A less that is the mean of max(0, A - D). */
class MeanOverlap {
  readonly #startsMs: readonly number[];
  /** Starts that are shorter than the last arrival, and their sum. */
  #shorter = 0;
  #shorterMs = 0;

  /** @param startsMs ascending */
  constructor(startsMs: readonly number[]) {
    this.#startsMs = startsMs;
  }

  /** @param arrivalMs not before the one that was asked for last */
  with(arrivalMs: number): number {
    const { length } = this.#startsMs;
    while (this.#shorter < length && this.#startsMs[this.#shorter]! < arrivalMs) {
      this.#shorterMs += this.#startsMs[this.#shorter++]!;
    }
    return (this.#shorterMs + (length - this.#shorter) * arrivalMs) / length;
  }
}
