import { clampCopies, type ScalingRule } from './scaling-rule';

/** The horizontal pod autoscaler of Kubernetes on a concurrency metric. */
export interface HpaModel {
  readonly kind: 'hpa';
  /** 15 s (`--horizontal-pod-autoscaler-sync-period`). */
  readonly periodSeconds: number;
  readonly publicationLagSeconds: number;
  /** Share around the target within which nothing changes: 0.1. */
  readonly tolerance: number;
  /** The highest of the recommendations of so long a time is followed on the way down: 300 s. */
  readonly scaleDownStabilizationSeconds: number;
}

/** Its default policy of scaling up: twice the copies or 4 more in 15 s, whichever is more. */
const mostAfter = (copies: number) => Math.max(2 * copies, copies + 4);

/**
 * `ceil(current * metric / target)`, the highest recommendation of the stabilization window on the way down.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
export function hpa(model: HpaModel): ScalingRule {
  let recommended: { readonly atSeconds: number; readonly copies: number }[] | undefined;
  return (load, limits) => {
    const { endSeconds, desiredCopies, copiesInService, averageConcurrency } = load;
    if (copiesInService === 0) return desiredCopies;
    const ratio = averageConcurrency / copiesInService / limits.targetConcurrency;
    const isWithin = Math.abs(ratio - 1) <= model.tolerance;
    const copies = isWithin
      ? desiredCopies
      : clampCopies(Math.ceil(averageConcurrency / limits.targetConcurrency), limits);
    // What runs at the beginning counts as the first recommendation.
    recommended ??= [{ atSeconds: endSeconds, copies: desiredCopies }];
    recommended = recommended.filter(({ atSeconds }) => atSeconds > endSeconds - model.scaleDownStabilizationSeconds);
    recommended.push({ atSeconds: endSeconds, copies });
    if (copies >= desiredCopies) return Math.min(copies, mostAfter(desiredCopies));
    return Math.min(desiredCopies, Math.max(...recommended.map((each) => each.copies)));
  };
}
