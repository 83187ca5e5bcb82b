/** Undiscounted bills of the same span. */
export interface FleetCosts {
  readonly staticUsd: number;
  readonly modularUsd: number;
  /** Part of `modularUsd`: what the copies cost that always run. */
  readonly modularFloorUsd: number;
}

/**
 * The committed-use discount at which a static fleet costs as much as a modular one; above it, static is cheaper. From
 * 0, where static costs no more even without a discount, to 1.
 *
 * A commitment covers all of a static fleet, but of a modular one only the floor, because nobody commits to what comes
 * and goes: `(1 - d) static = modular - d floor`.
 *
 * @throws RangeError for a negative cost, or a floor that costs more than the fleet it is part of.
 */
export function breakEvenDiscount({ staticUsd, modularUsd, modularFloorUsd }: FleetCosts): number {
  if (!(staticUsd >= 0)) throw new RangeError(`staticUsd must not be negative, got: ${staticUsd}`);
  if (!(modularFloorUsd >= 0 && modularFloorUsd <= modularUsd)) {
    throw new RangeError(`modularFloorUsd must be from 0 to modularUsd (${modularUsd}), got: ${modularFloorUsd}`);
  }
  return staticUsd <= modularUsd ? 0 : (staticUsd - modularUsd) / (staticUsd - modularFloorUsd);
}
