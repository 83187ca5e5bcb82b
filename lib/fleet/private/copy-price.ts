import { INSTANCE_PRICES_PER_HOUR_USD } from '../../../core/serving/instance-prices';
import type { CopyResources } from '../fleet-ref';
import type { InferenceInstanceType } from '../instance-type';
import { copiesThatFit, resourcesOf, roomOf } from './packing';

/**
 * What an hour of a copy costs, in US dollars: its share of an instance of the preferred type that can hold it, full of such
 * copies.
 *
 * @returns undefined if the price of that type, or what it has, is not known
 */
export function copyPricePerHourUsd(
  instanceTypes: readonly InferenceInstanceType[],
  resources: CopyResources,
): number | undefined {
  const copy = resourcesOf(resources);
  if (copy === undefined) return undefined;
  for (const { name, facts } of instanceTypes) {
    if (facts === undefined) return undefined;
    const copies = copiesThatFit(copy, roomOf(facts));
    if (copies === 0) continue;
    const priceUsd = INSTANCE_PRICES_PER_HOUR_USD.get(name);
    return priceUsd === undefined ? undefined : priceUsd / copies;
  }
  return undefined;
}
