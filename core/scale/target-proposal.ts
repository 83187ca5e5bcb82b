import { isUsable, type LatencyFit, predictP95Ms } from './latency-fit';
import { clamp, roundTo } from './numbers';
import { OBJECTIVE_SHARE } from './p95-verdict';
import { LARGEST_RAISE } from './safe-step';

export interface TargetProposal {
  /** Concurrency per copy at which the P95 would meet its objective; not positive if even an idle copy misses it. */
  readonly target: number;
  readonly reason: string;
}

/** Without a model a step of the square root of the error cannot overshoot a latency that grows at most quadratically. */
const FALLBACK_EXPONENT = 0.5;

/** The target that the fitted line asks for, or without a usable line a multiplicative step from the present one. */
export function proposeTarget(fit: LatencyFit, target: number, p95Ms: number, objectiveMs: number): TargetProposal {
  const aimMs = OBJECTIVE_SHARE * objectiveMs;
  const fitted = fittedTarget(fit, objectiveMs);
  if (fitted !== undefined) {
    const { interceptMs, slopeMs, correction } = fit;
    return {
      target: fitted,
      reason: `fit: P95 = ${roundTo(interceptMs, 1)} + ${roundTo(slopeMs, 2)} × concurrency ms, observed ${roundTo(correction, 2)} times that`,
    };
  }
  return {
    target: target * (aimMs / p95Ms) ** FALLBACK_EXPONENT,
    reason: `no usable fit yet (${fit.levels.length} levels of load): square root of ${roundTo(aimMs, 1)} / ${roundTo(p95Ms, 1)} ms`,
  };
}

/** The target that a usable line asks for, whatever the present one. */
export function fittedTarget(fit: LatencyFit, objectiveMs: number): number | undefined {
  if (!isUsable(fit)) return undefined;
  return ((OBJECTIVE_SHARE * objectiveMs) / fit.correction - fit.interceptMs) / fit.slopeMs;
}

/**
 * What the largest raise of a target multiplies the P95 by. Where no line tells, a P95 that is linear in the concurrency
 * grows by no larger share than the concurrency.
 */
export function raiseGrowth(fit: LatencyFit, target: number): number {
  const most = 1 + LARGEST_RAISE;
  const presentMs = predictP95Ms(fit, target);
  return isUsable(fit) && presentMs > 0 ? clamp(predictP95Ms(fit, most * target) / presentMs, 1, most) : most;
}
