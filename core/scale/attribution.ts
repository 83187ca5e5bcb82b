import { idleP95Ms, isUsable, type LatencyFit } from './latency-fit';
import { roundTo } from './numbers';

/** What tells a latency caused by load from one caused by long outputs, a dependency or a cold start. */
export interface LoadSigns {
  /** Mean concurrent requests per copy; left out while there is no copy. */
  readonly concurrencyPerCopy?: number;
  /** The concurrency per copy that the scaling policy holds. */
  readonly target: number;
  /** Requests that running copies refused. Refusals for want of any copy are cold starts and do not belong here. */
  readonly rejects: number;
  /** Share of the latency that was spent waiting, 0 to 1. */
  readonly waitShare: number;
  /** How the P95 depends on the load, as far as it is known. */
  readonly fit: LatencyFit;
  readonly latency?: { readonly p95Ms: number };
  /** The component's share of the objective. */
  readonly objectiveMs: number;
}

export interface Attribution {
  readonly loadCaused: boolean;
  readonly reason: string;
}

/** A copy this close to its target is as busy as the policy lets it be. */
const BUSY_SHARE = 0.8;

const LONG_WAIT_SHARE = 0.2;

/** From this share of the P95 on, what concurrency adds to it is worth sparing. */
const LOADED_SHARE = 0.2;

/** Decides whether more copies can cure a breach at all. */
export function attributeBreach(signs: LoadSigns): Attribution {
  const { concurrencyPerCopy = 0, target, rejects, waitShare, fit, latency, objectiveMs } = signs;
  const causes: string[] = [];
  if (concurrencyPerCopy >= BUSY_SHARE * target) {
    causes.push(`concurrency ${roundTo(concurrencyPerCopy, 2)} at target ${target}`);
  }
  if (rejects > 0) causes.push(`${rejects} refused`);
  if (waitShare > LONG_WAIT_SHARE) causes.push(`${roundTo(100 * waitShare, 0)} % of the latency is waiting`);
  // Where even an idle copy is late, because answers are long, copies that are not busy are not what is missing.
  const isCurable = isUsable(fit) && idleP95Ms(fit).p95Ms < objectiveMs;
  const loadShare = latency && isCurable ? (fit.slopeMs * concurrencyPerCopy) / latency.p95Ms : 0;
  if (loadShare > LOADED_SHARE) causes.push(`${roundTo(100 * loadShare, 0)} % of the P95 comes with concurrency`);

  if (causes.length > 0) return { loadCaused: true, reason: `caused by load: ${causes.join('; ')}` };
  return {
    loadCaused: false,
    reason: `not capacity: concurrency ${roundTo(concurrencyPerCopy, 2)} is far below target ${target}, nothing refused`,
  };
}
