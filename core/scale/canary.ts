import { fisherPValue } from './fisher';
import { roundTo } from './numbers';

/** What happened to the requests that arrived in one minute. */
export interface OutcomeMinute {
  readonly startMs: number;
  /** Refused ones included. */
  readonly requests: number;
  /** Requests beyond the component's objective, failed ones included. */
  readonly violations: number;
  readonly rejects: number;
}

export type CanaryVerdict = 'watching' | 'kept' | 'worse' | 'unmatched';

export interface CanaryJudgement {
  readonly verdict: CanaryVerdict;
  readonly reason: string;
}

const SHORTEST_WATCH_MS = 10 * 60_000;

/** Loads that differ by more tell about the load, not about the change. */
const MATCHED_DEMAND = 0.15;

const SIGNIFICANCE = 0.05;

/** A smaller rise is not worth a rollback, however certain it is. */
const WORSE_BY = 0.01;

/** What a P95 objective allows: a raise is there to use it. */
const ALLOWED_SHARE = 0.05;

/** After so many watches a verdict is due, however unlike the times before and after are. */
export const GIVE_UP_WATCHES = 3;

/** How long a change is watched: cold starts must be over for most of it. */
export function watchMs(coldStartSeconds: number): number {
  return Math.max(SHORTEST_WATCH_MS, 3 * coldStartSeconds * 1000);
}

/**
 * Compares the requests after a change with those before, over windows of one length and alike in load.
 *
 * @param watch length of both windows
 * @param measuredAtMs up to when outcomes are known
 */
export function judgeCanary(
  minutes: readonly OutcomeMinute[],
  changedAtMs: number,
  watch: number,
  measuredAtMs: number,
): CanaryJudgement {
  const sinceMs = measuredAtMs - changedAtMs;
  if (sinceMs < watch) {
    return {
      verdict: 'watching',
      reason: `watching the change for another ${Math.ceil((watch - sinceMs) / 60_000)} min`,
    };
  }
  const before = total(minutes, changedAtMs - watch, changedAtMs);
  const after = total(minutes, measuredAtMs - watch, measuredAtMs);

  if (!(Math.abs(after.requests - before.requests) <= MATCHED_DEMAND * before.requests) || after.requests === 0) {
    const seen = `${before.requests} requests before the change, ${after.requests} after: not comparable`;
    return sinceMs < GIVE_UP_WATCHES * watch
      ? { verdict: 'unmatched', reason: seen }
      : { verdict: 'kept', reason: `${seen}, change kept` };
  }
  const rejectShares = [before.rejects / before.requests, after.rejects / after.requests] as const;
  if (rejectShares[1] > rejectShares[0]) {
    return {
      verdict: 'worse',
      reason: `refused ${percent(rejectShares[0])} before the change, ${percent(rejectShares[1])} after`,
    };
  }
  const shares = [before.violations / before.requests, after.violations / after.requests] as const;
  const p = fisherPValue(before, after);
  const isWorse = p < SIGNIFICANCE && shares[1] - shares[0] > WORSE_BY && shares[1] > ALLOWED_SHARE;
  return {
    verdict: isWorse ? 'worse' : 'kept',
    reason: `${percent(shares[0])} beyond the objective before the change, ${percent(shares[1])} after (p = ${roundTo(p, 3)})`,
  };
}

/** A minute told twice counts once, as told last. */
function total(minutes: readonly OutcomeMinute[], fromMs: number, untilMs: number): Omit<OutcomeMinute, 'startMs'> {
  const sum = { requests: 0, violations: 0, rejects: 0 };
  for (const { startMs, requests, violations, rejects } of new Map(minutes.map((m) => [m.startMs, m])).values()) {
    if (startMs < fromMs || startMs >= untilMs) continue;
    sum.requests += requests;
    sum.violations += violations;
    sum.rejects += rejects;
  }
  return sum;
}

const percent = (share: number) => `${roundTo(100 * share, 2)} %`;
