/** Copies that one component needs over time. */
export interface CapacityNeed {
  /** Whole copies in each window: see `needByWindow`. */
  readonly needByWindow: ArrayLike<number>;
  readonly windowSeconds: number;
  /** As of `TotalWork`. */
  readonly pricePerCopyHourUsd: number;
}

/**
 * LB1: what the needed copies cost if they came and went in an instant and for nothing. It bounds the policies that meet
 * the need in every window, and no others: one that lets requests wait for a later window may cost less.
 */
export function capacityBoundUsd(components: readonly CapacityNeed[]): number {
  let sum = 0;
  for (const component of components) {
    const windowUsd = windowPriceUsd(component);
    for (let t = 0; t < component.needByWindow.length; t++) sum += component.needByWindow[t]! * windowUsd;
  }
  return sum;
}

/** Of one copy. */
export function windowPriceUsd({ windowSeconds, pricePerCopyHourUsd }: CapacityNeed): number {
  return (windowSeconds / 3600) * pricePerCopyHourUsd;
}
