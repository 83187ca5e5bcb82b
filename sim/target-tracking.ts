/** How a component's copies follow its load. */
export interface ScalingProfile {
  readonly minCopies: number;
  readonly maxCopies: number;
  /** Requests in flight per copy that the policy holds. */
  readonly targetConcurrency: number;
  /** How long the load stays above the target before copies are added. */
  readonly outAfterSeconds: number;
  /** How long the load stays well below the target before copies are taken. */
  readonly inAfterSeconds: number;
  /** From the first refused call to the start of a copy; 0 if the call itself starts it. */
  readonly fromZeroAfterSeconds: number;
}

/** Of the high-resolution concurrency metric of inference components (Amazon SageMaker AI Developer Guide). */
export const METRIC_PERIOD_SECONDS = 10;

/** Scale-in waits for this share of the target, so that it does not undo a scale-out (observed). */
const LOW_SHARE = 0.9;

/** Consecutive periods of high and of low load. */
export interface TrackingState {
  readonly high: number;
  readonly low: number;
  /** Highest concurrency of the low periods. */
  readonly lowPeak: number;
}

export const UNTRACKED: TrackingState = { high: 0, low: 0, lowPeak: 0 };

/** One period of the metric. */
export interface LoadPeriod {
  /**
   * Most requests in flight at once, over all copies. The peak, because calls that are short beside the period must count:
   * a reading at its end would mostly miss them. Which statistic AWS takes of its own metric is yet to be measured; it will
   * be a parameter.
   */
  readonly peakConcurrency: number;
  readonly copiesInService: number;
  readonly desiredCopies: number;
}

/** Target tracking as Application Auto Scaling does it: quick to add copies, slow to take them. */
export function trackTarget(
  state: TrackingState,
  load: LoadPeriod,
  profile: ScalingProfile,
): { readonly state: TrackingState; readonly desiredCopies: number } {
  if (load.copiesInService === 0) return { state: UNTRACKED, desiredCopies: load.desiredCopies };

  const perCopy = load.peakConcurrency / load.copiesInService;
  const isHigh = perCopy > profile.targetConcurrency;
  const isLow = perCopy < LOW_SHARE * profile.targetConcurrency;
  const high = isHigh ? state.high + 1 : 0;
  const low = isLow ? state.low + 1 : 0;
  const lowPeak = isLow ? Math.max(state.lowPeak, load.peakConcurrency) : 0;
  const needed = (concurrency: number) => Math.ceil(concurrency / profile.targetConcurrency);

  if (high * METRIC_PERIOD_SECONDS >= profile.outAfterSeconds) {
    const desiredCopies = Math.max(load.desiredCopies, Math.min(profile.maxCopies, needed(load.peakConcurrency)));
    return { state: UNTRACKED, desiredCopies };
  }
  if (low * METRIC_PERIOD_SECONDS >= profile.inAfterSeconds) {
    const desiredCopies = Math.min(load.desiredCopies, Math.max(profile.minCopies, needed(lowPeak)));
    return { state: UNTRACKED, desiredCopies };
  }
  return { state: { high, low, lowPeak }, desiredCopies: load.desiredCopies };
}
