/** One period of a component's load, as its metric tells it. */
export interface LoadPeriod {
  /** When the period ended, in seconds of the world. */
  readonly endSeconds: number;
  /** Requests in flight over all copies: on average, and the most at once. */
  readonly averageConcurrency: number;
  readonly peakConcurrency: number;
  readonly copiesInService: number;
  readonly desiredCopies: number;
}

/** Within which a rule decides, and what it holds; others move both. */
export interface ScalingLimits {
  readonly minCopies: number;
  readonly maxCopies: number;
  /** Requests in flight per copy. */
  readonly targetConcurrency: number;
  /** Least time between a change and the next scale-in. @default - that of the rule's model */
  readonly scaleInCooldownSeconds?: number | undefined;
}

/** From one period after another to the copies that a component should have. Holds state: one rule for one component. */
export type ScalingRule = (load: LoadPeriod, limits: ScalingLimits) => number;

export function clampCopies(copies: number, { minCopies, maxCopies }: ScalingLimits): number {
  return Math.max(minCopies, Math.min(maxCopies, copies));
}
