import type { ComponentCosts } from '../../../core/warm';
import type { InstanceModel } from '../../hosting/fleet-model';
import type { ComputeNeeds } from '../../hosting/host';
import type { ComponentModel, ImportedModelModel, WorldModel } from '../../world/world-model';

/** Copies of an imported model are billed in windows of 5 minutes (Bedrock pricing page). */
const IMPORTED_WINDOW_MINUTES = 5;

/** What a copy costs: as a share of the instance that the fleet prefers, or as Bedrock bills it. Tools have none. */
export function copyCostsOf(component: ComponentModel, { fleets }: WorldModel): ComponentCosts | undefined {
  if (component.kind === 'tool') return undefined;
  if (component.kind === 'imported-model') return importedCosts(component);
  const instance = fleets[component.fleet]!.instances.find((each) => copiesPer(each, component.needs) > 0);
  return instance && { pricePerHourUsd: instance.pricePerHourUsd / copiesPer(instance, component.needs) };
}

function importedCosts({ hosting }: ImportedModelModel): ComponentCosts {
  const pricePerMinuteUsd = hosting.unitsPerCopy * hosting.pricePerUnitMinuteUsd;
  return { pricePerHourUsd: 60 * pricePerMinuteUsd, minimumBillUsd: IMPORTED_WINDOW_MINUTES * pricePerMinuteUsd };
}

function copiesPer(instance: InstanceModel, needs: ComputeNeeds): number {
  const room = (has: number, needed: number) => (needed > 0 ? Math.floor(has / needed) : Number.POSITIVE_INFINITY);
  return Math.min(
    room(instance.accelerators, needs.accelerators),
    room(instance.vcpus, needs.vcpus),
    room(instance.memoryMiB, needs.memoryMiB),
  );
}
