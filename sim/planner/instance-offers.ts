import { INSTANCE_FACTS } from '../../core/serving/instance-facts';
import { INSTANCE_PRICES_PER_HOUR_USD } from '../../core/serving/instance-prices';
import { memoryForCopiesMiB } from '../../core/serving/memory-for-copies';
import type { InstanceModel } from '../hosting/fleet-model';
import { G6_2XLARGE } from '../world/presets';

/** An instance type that can be rented, with what it has for copies. */
export interface InstanceOffer extends InstanceModel {
  /** `L4`; with its memory where it is sold with more than one. */
  readonly accelerator: string;
}

const ACCELERATOR_OF_FAMILY: ReadonlyMap<string, string> = new Map([
  ['g5', 'A10G'],
  ['g6', 'L4'],
  ['g6e', 'L40S'],
  ['g7e', 'RTX PRO 6000'],
  ['p4d', 'A100-40GB'],
  ['p5', 'H100-80GB'],
]);

/** Provisioning as assumed for every type: see the preset. */
const PROVISIONING = {
  provisionSeconds: G6_2XLARGE.provisionSeconds,
  provisionVariation: G6_2XLARGE.provisionVariation,
  imageCached: G6_2XLARGE.imageCached,
};

/** The instance types of SageMaker endpoints whose price is known. A plan file gives prices of another Region, or a discount. */
export const INSTANCE_OFFERS: readonly InstanceOffer[] = [...INSTANCE_PRICES_PER_HOUR_USD].map(
  ([type, pricePerHourUsd]) => {
    const { accelerators, vcpus, memoryGiB } = INSTANCE_FACTS.get(type)!;
    const accelerator = ACCELERATOR_OF_FAMILY.get(type.split('.')[1]!)!;
    const memoryMiB = memoryForCopiesMiB(memoryGiB);
    return { type, accelerator, accelerators, vcpus, memoryMiB, pricePerHourUsd, ...PROVISIONING };
  },
);

export const ACCELERATORS: readonly string[] = [...new Set(INSTANCE_OFFERS.map(({ accelerator }) => accelerator))];
