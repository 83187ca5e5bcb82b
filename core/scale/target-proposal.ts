import { isUsable, type LatencyFit } from './latency-fit';
import { roundTo } from './numbers';

export interface TargetProposal {
  /** Concurrency per copy at which the P95 would meet its objective; not positive if even an idle copy misses it. */
  readonly target: number;
  readonly reason: string;
}

/** Aim below the objective: a P95 at the objective breaches it half of the time. */
export const OBJECTIVE_SHARE = 0.85;

/** Without a model a step of the square root of the error cannot overshoot a latency that grows at most quadratically. */
const FALLBACK_EXPONENT = 0.5;

/** The target that the fitted line asks for, or without a usable line a multiplicative step from the present one. */
export function proposeTarget(fit: LatencyFit, target: number, p95Ms: number, objectiveMs: number): TargetProposal {
  const aimMs = OBJECTIVE_SHARE * objectiveMs;
  if (isUsable(fit)) {
    const { interceptMs, slopeMs, correction } = fit;
    return {
      target: (aimMs / correction - interceptMs) / slopeMs,
      reason: `fit: P95 = ${roundTo(interceptMs, 1)} + ${roundTo(slopeMs, 2)} × concurrency ms, observed ${roundTo(correction, 2)} times that`,
    };
  }
  return {
    target: target * (aimMs / p95Ms) ** FALLBACK_EXPONENT,
    reason: `no usable fit yet (${fit.levels.length} levels of load): square root of ${roundTo(aimMs, 1)} / ${roundTo(p95Ms, 1)} ms`,
  };
}
