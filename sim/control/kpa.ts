import { clampCopies, type ScalingRule } from './scaling-rule';

/** The autoscaler of Knative on concurrency. */
export interface KpaModel {
  readonly kind: 'kpa';
  /** 2 s (`tick-interval`). */
  readonly periodSeconds: number;
  readonly publicationLagSeconds: number;
  /** 60 s. */
  readonly stableWindowSeconds: number;
  /** Share of the stable window: 0.1. */
  readonly panicWindowShare: number;
  /** Of the copies in service: 2. */
  readonly panicThreshold: number;
  /** Share of the target that is held: 0.7. */
  readonly utilization: number;
  /** Factors by which a step may at most grow and shrink: 1000 and 2. */
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  /** How long the last copy stays without a request: 30 s. */
  readonly scaleToZeroGraceSeconds: number;
}

interface Sample {
  readonly atSeconds: number;
  readonly concurrency: number;
}

/**
 * A stable and a panic window: a burst over twice what the copies hold is answered at once, and nothing is taken until
 * the panic is over.
 *
 * @see https://knative.dev/docs/serving/autoscaling/kpa-specific/
 */
export function kpa(model: KpaModel): ScalingRule {
  let samples: Sample[] = [];
  let panicUntilSeconds = -Infinity;
  let panicCopies = 0;
  let busyAtSeconds = -Infinity;

  return (load, limits) => {
    const { endSeconds, averageConcurrency, copiesInService, desiredCopies } = load;
    samples.push({ atSeconds: endSeconds, concurrency: averageConcurrency });
    samples = samples.filter(({ atSeconds }) => atSeconds > endSeconds - model.stableWindowSeconds);
    if (averageConcurrency > 0) busyAtSeconds = endSeconds;
    if (copiesInService === 0) return desiredCopies;

    const held = limits.targetConcurrency * model.utilization;
    const most = Math.ceil(copiesInService * model.maxScaleUpRate);
    const least = Math.floor(copiesInService / model.maxScaleDownRate);
    const [stable, panic] = [model.stableWindowSeconds, model.stableWindowSeconds * model.panicWindowShare].map(
      (seconds) => Math.max(least, Math.min(most, Math.ceil(mean(samples, endSeconds - seconds) / held))),
    ) as [number, number];

    if (panic / copiesInService >= model.panicThreshold) panicUntilSeconds = endSeconds + model.stableWindowSeconds;
    if (endSeconds < panicUntilSeconds) {
      panicCopies = Math.max(panicCopies, panic, desiredCopies);
      return clampCopies(panicCopies, limits);
    }
    panicCopies = 0;
    const isGraceOver = endSeconds - busyAtSeconds >= model.stableWindowSeconds + model.scaleToZeroGraceSeconds;
    return clampCopies(stable === 0 && !isGraceOver ? 1 : stable, limits);
  };
}

function mean(samples: readonly Sample[], sinceSeconds: number): number {
  let [sum, count] = [0, 0];
  for (const { atSeconds, concurrency } of samples) {
    if (atSeconds <= sinceSeconds) continue;
    sum += concurrency;
    count++;
  }
  return sum / Math.max(1, count);
}
