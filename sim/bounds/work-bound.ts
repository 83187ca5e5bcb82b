/** All the work that one component's served requests bring. */
export interface TotalWork {
  /** Time of a copy that they take at the least: see `leastCopySeconds`. */
  readonly copySeconds: number;
  /** Where components share instances: see `leastBillUsd`. */
  readonly pricePerCopyHourUsd: number;
}

/**
 * LB0: what the work alone costs, every copy always with a full batch and gone as soon as that is done. No policy that
 * answers the same requests costs less, whatever it does to their latency.
 */
export function workBoundUsd(components: readonly TotalWork[]): number {
  return components.reduce(
    (sum, { copySeconds, pricePerCopyHourUsd }) => sum + (copySeconds / 3600) * pricePerCopyHourUsd,
    0,
  );
}
