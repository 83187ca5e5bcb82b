/** All the work that one component's served requests bring. */
export interface TotalWork {
  /** In any unit, such as tokens or seconds of service. */
  readonly work: number;
  /** Work a second of a copy at its throughput knee, in the same unit. */
  readonly maxRatePerCopy: number;
  /**
   * Where components share an instance: its price times the copy's share of one fixed resource, such as accelerators.
   * The sum then stays a lower bound of the instances' bill.
   */
  readonly pricePerCopyHourUsd: number;
}

/**
 * LB0: what the work alone costs, every copy always at its throughput knee. No policy that serves the same requests
 * costs less, whatever it does to their latency.
 */
export function workBoundUsd(components: readonly TotalWork[]): number {
  return components.reduce(
    (sum, { work, maxRatePerCopy, pricePerCopyHourUsd }) => sum + (work / maxRatePerCopy / 3600) * pricePerCopyHourUsd,
    0,
  );
}
