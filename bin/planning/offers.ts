import { INSTANCE_OFFERS, type InstanceOffer } from '../../sim/planner/instance-offers';
import type { PlanFile } from '../../sim/planner/plan-file';

/** Those that the plan file allows, at its prices. */
export function offersOf({ instanceTypes, pricesPerHourUsd }: PlanFile): InstanceOffer[] {
  return INSTANCE_OFFERS.filter(({ type }) => instanceTypes?.includes(type) ?? true).map((offer) => ({
    ...offer,
    pricePerHourUsd: pricesPerHourUsd?.[offer.type] ?? offer.pricePerHourUsd,
  }));
}
