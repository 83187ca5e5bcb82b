import type { InstanceModel } from '../hosting/fleet-model';
import type { ComputeNeeds } from '../hosting/host';

/** What instances have so much of, and copies need some of. */
const RESOURCES = ['accelerators', 'vcpus', 'memoryMiB'] as const;

/** A component on the instances of a fleet. */
export interface Hosted {
  /** Of one copy. */
  readonly needs: ComputeNeeds;
}

/**
 * The least that the instances of a fleet cost, by a bound that adds up over components once each copy has a price of
 * its own.
 *
 * The copies on an instance together need at most what it has of a resource. So if a copy is charged for that resource
 * alone, at the unit price of the instance that has it cheapest, what the copies are charged adds up to no more than the
 * bill at any moment, whatever is packed onto which type. This is true of each resource, hence of the one for which the
 * bound is greatest; it is not true of a different resource for each copy, as one may use what another leaves.
 */
export function leastBillUsd<Component extends Hosted>(
  instances: readonly InstanceModel[],
  components: readonly Component[],
  boundUsd: (priced: (Component & { readonly pricePerCopyHourUsd: number })[]) => number,
): number {
  return Math.max(
    ...RESOURCES.map((resource) => {
      const unitUsd = Math.min(...instances.map((instance) => instance.pricePerHourUsd / instance[resource]));
      const users = components.filter(({ needs }) => needs[resource] > 0);
      return boundUsd(users.map((user) => ({ ...user, pricePerCopyHourUsd: user.needs[resource] * unitUsd })));
    }),
  );
}
