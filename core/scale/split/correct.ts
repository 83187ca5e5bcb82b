import { DAY_MS, HOUR_MS } from '../../time-units';
import { clamp } from '../numbers';
import { judgeP95, type P95Band } from '../p95-verdict';

/** Smallest change at a time: with less, the band of a P95 would decide. */
const STEP = 1.02;

/** Largest change at a time. */
const LARGEST_STEP = 1.1;

/** What is measured by the hour may be looked at some minutes into the next. */
const LATE_MS = 5 * 60_000;

/** Beyond what calibrated shares say, the sum of what they leave unused is bounded: a wrong measurement must not run away. */
const LARGEST_STRETCH = 2;

/** The last part of the objective is left unused, so that a stretch is not taken back at once. */
const USED_SHARE = 0.95;

/**
 * How often a split is corrected. First shares are far from right, and a day of them is dear; but targets need hours to follow,
 * and what is corrected sooner than that overshoots. Later a quarter of a day is soon enough.
 *
 * @param ageMs of the split
 */
export function correctionPeriodMs(ageMs: number): number {
  return ageMs < DAY_MS ? 3 * HOUR_MS : 6 * HOUR_MS;
}

/**
 * From when on whole requests are judged. In the first day of a split those that the present stretch has made, and later a
 * whole day, so that a calm night does not stretch what a busy noon needs.
 *
 * @param changedAtMs when the stretch last changed, or the objective was split
 */
export function judgedFromMs(splitAtMs: number, changedAtMs: number, nowMs: number): number {
  return nowMs - splitAtMs < DAY_MS ? changedAtMs - LATE_MS : nowMs - DAY_MS;
}

/**
 * The factor by which all shares of an objective are stretched, corrected by one step toward using the objective.
 *
 * Components that each keep their share in their busiest hour leave most of the objective unused over a day. Integral
 * control with a dead band: half of what is missing at a time, as what was measured lags behind; nothing changes while the
 * P95 lies between the used share and the whole objective.
 *
 * @param stretch the present factor: 1 at first, at most 2
 * @param measured P95 of whole requests, with its band
 */
export function correctSplit(stretch: number, measured: P95Band, objectiveMs: number): number {
  const { lowMs, highMs } = measured;
  if (judgeP95(measured, objectiveMs).verdict === 'breach') {
    const step = clamp(Math.sqrt(lowMs / objectiveMs), STEP, LARGEST_STEP);
    return clamp(stretch / step, 1, LARGEST_STRETCH);
  }
  const isUnused = highMs !== null && STEP * highMs < USED_SHARE * objectiveMs;
  if (!isUnused) return stretch;
  const step = clamp(Math.sqrt((USED_SHARE * objectiveMs) / highMs), STEP, LARGEST_STEP);
  return clamp(stretch * step, 1, LARGEST_STRETCH);
}
