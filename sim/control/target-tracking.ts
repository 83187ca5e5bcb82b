import { clampCopies, type LoadPeriod, type ScalingLimits, type ScalingRule } from './scaling-rule';

/** How Application Auto Scaling follows a metric. */
export interface TargetTrackingModel {
  readonly kind: 'target-tracking';
  /** 10 s for the high-resolution concurrency metric of inference components (Amazon SageMaker AI Developer Guide), else 60. */
  readonly periodSeconds: number;
  /** From the end of a period until its metric can be read. */
  readonly publicationLagSeconds: number;
  /**
   * Which concurrency of a period counts. Which one AWS takes of its own metric is yet to be measured. The peak suits
   * calls that are short beside a period.
   */
  readonly statistic: 'average' | 'peak';
  /** How long the load stays above the target before copies are added: 3 periods (observed). */
  readonly outAfterSeconds: number;
  /** How long it stays below 90 % of the target before copies are taken: 15 min with either metric (observed). */
  readonly inAfterSeconds: number;
  /** Least time between a change and the next scale-in. */
  readonly scaleInCooldownSeconds: number;
}

/** Scale-in waits for this share of the target, so that it does not undo a scale-out (observed). */
const LOW_SHARE = 0.9;

/** Consecutive periods of high and of low load. */
export interface TrackingState {
  readonly high: number;
  readonly low: number;
  /** Highest concurrency of the low periods. */
  readonly lowPeak: number;
  readonly changedAtSeconds: number;
}

export const UNTRACKED: TrackingState = { high: 0, low: 0, lowPeak: 0, changedAtSeconds: -Infinity };

/**
 * Target tracking as Application Auto Scaling does it: quick to add copies, slow to take them. Without copies in service
 * it has no metric, and does nothing.
 *
 * A cooldown of scale-out changes nothing here: what is desired is computed from all requests in flight, so a copy under
 * way is never asked for twice.
 */
export function trackTarget(
  state: TrackingState,
  load: LoadPeriod,
  limits: ScalingLimits,
  model: TargetTrackingModel,
): { readonly state: TrackingState; readonly desiredCopies: number } {
  const { copiesInService, desiredCopies, endSeconds } = load;
  const idle = { ...UNTRACKED, changedAtSeconds: state.changedAtSeconds };
  if (copiesInService === 0) return { state: idle, desiredCopies };

  const concurrency = model.statistic === 'peak' ? load.peakConcurrency : load.averageConcurrency;
  const perCopy = concurrency / copiesInService;
  const isHigh = perCopy > limits.targetConcurrency;
  const isLow = perCopy < LOW_SHARE * limits.targetConcurrency;
  const high = isHigh ? state.high + 1 : 0;
  const low = isLow ? state.low + 1 : 0;
  const lowPeak = isLow ? Math.max(state.lowPeak, concurrency) : 0;

  const isDueOut = high * model.periodSeconds >= model.outAfterSeconds;
  const { scaleInCooldownSeconds = model.scaleInCooldownSeconds } = limits;
  const isCool = endSeconds - state.changedAtSeconds >= scaleInCooldownSeconds;
  const isDueIn = isCool && low * model.periodSeconds >= model.inAfterSeconds;
  if (!isDueOut && !isDueIn) {
    return { state: { high, low, lowPeak, changedAtSeconds: state.changedAtSeconds }, desiredCopies };
  }
  const needed = clampCopies(Math.ceil((isDueOut ? concurrency : lowPeak) / limits.targetConcurrency), limits);
  const copies = isDueOut ? Math.max(desiredCopies, needed) : Math.min(desiredCopies, needed);
  const changed = { ...UNTRACKED, changedAtSeconds: endSeconds };
  return { state: copies === desiredCopies ? idle : changed, desiredCopies: copies };
}

export function targetTracking(model: TargetTrackingModel): ScalingRule {
  let state = UNTRACKED;
  return (load, limits) => {
    const tracked = trackTarget(state, load, limits, model);
    state = tracked.state;
    return tracked.desiredCopies;
  };
}
