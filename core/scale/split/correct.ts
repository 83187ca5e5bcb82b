import { clamp } from '../numbers';
import { judgeP95, type P95Band } from '../p95-verdict';

/** Change at a time near the objective, meant for every quarter of a day: about 8 % a day, far slower than targets move. */
const STEP = 1.02;

/** Largest change toward an objective that is far from used. */
const LARGEST_STEP = 1.1;

/** Beyond what calibrated shares say, the sum of what they leave unused is bounded: a wrong measurement must not run away. */
const LARGEST_STRETCH = 1.5;

/** The last part of the objective is left unused, so that a stretch is not taken back at once. */
const USED_SHARE = 0.95;

/**
 * The factor by which all shares of an objective are stretched, corrected by one step toward using the objective.
 *
 * Components that each keep their share in their busiest hour leave most of the objective unused over a day. Integral
 * control with a dead band: half of what is missing at a time, as a measured day lags behind; nothing changes while the P95 lies between the used share and the whole objective.
 *
 * @param stretch the present factor: 1 at first, at most 1.5
 * @param measured P95 of whole requests over about a day, with its band
 */
export function correctSplit(stretch: number, measured: P95Band, objectiveMs: number): number {
  const { highMs } = measured;
  if (judgeP95(measured, objectiveMs).verdict === 'breach') return clamp(stretch / STEP, 1, LARGEST_STRETCH);
  const isUnused = highMs !== null && STEP * highMs < USED_SHARE * objectiveMs;
  if (!isUnused) return stretch;
  const step = clamp(Math.sqrt((USED_SHARE * objectiveMs) / highMs), STEP, LARGEST_STEP);
  return clamp(stretch * step, 1, LARGEST_STRETCH);
}
