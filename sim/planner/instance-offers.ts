import { INSTANCE_PRICES_PER_HOUR_USD } from '../../core/serving/instance-prices';
import type { InstanceModel } from '../hosting/fleet-model';
import { G6_2XLARGE } from '../world/presets';

/** An instance type that can be rented, with what it has for copies. */
export interface InstanceOffer extends InstanceModel {
  /** `L4`; with its memory where it is sold with more than one. */
  readonly accelerator: string;
}

/** The least that the host itself can take, as the construct of the fleet counts it; AWS does not publish it. */
const HOST_MEMORY_MIB = 1024;

type Row = readonly [size: string, accelerators: number, memoryGiB: number, vcpus: number];

/** Provisioning as assumed for every type: see the preset. */
const PROVISIONING = {
  provisionSeconds: G6_2XLARGE.provisionSeconds,
  provisionVariation: G6_2XLARGE.provisionVariation,
  imageCached: G6_2XLARGE.imageCached,
};

/**
 * Instance types of SageMaker endpoints. Sizes: `DescribeInstanceTypes` of Amazon EC2, by way of
 * https://github.com/aws/karpenter-provider-aws/blob/1d927085/website/content/en/preview/reference/instance-types.md.
 * A plan file gives prices of another Region, or a discount.
 */
export const INSTANCE_OFFERS: readonly InstanceOffer[] = [
  ...family('g5', 'A10G', [
    ['xlarge', 1, 16, 4],
    ['2xlarge', 1, 32, 8],
    ['4xlarge', 1, 64, 16],
    ['8xlarge', 1, 128, 32],
    ['12xlarge', 4, 192, 48],
    ['24xlarge', 4, 384, 96],
    ['48xlarge', 8, 768, 192],
  ]),
  ...family('g6', 'L4', [
    ['xlarge', 1, 16, 4],
    ['2xlarge', 1, 32, 8],
    ['4xlarge', 1, 64, 16],
    ['8xlarge', 1, 128, 32],
    ['12xlarge', 4, 192, 48],
    ['24xlarge', 4, 384, 96],
    ['48xlarge', 8, 768, 192],
  ]),
  ...family('g6e', 'L40S', [
    ['xlarge', 1, 32, 4],
    ['2xlarge', 1, 64, 8],
    ['4xlarge', 1, 128, 16],
    ['8xlarge', 1, 256, 32],
    ['12xlarge', 4, 384, 48],
    ['24xlarge', 4, 768, 96],
    ['48xlarge', 8, 1536, 192],
  ]),
  ...family('g7e', 'RTX PRO 6000', [
    ['2xlarge', 1, 64, 8],
    ['12xlarge', 2, 512, 48],
    ['48xlarge', 8, 2048, 192],
  ]),
  ...family('p4d', 'A100-40GB', [['24xlarge', 8, 1152, 96]]),
  ...family('p5', 'H100-80GB', [['48xlarge', 8, 2048, 192]]),
];

export const ACCELERATORS: readonly string[] = [...new Set(INSTANCE_OFFERS.map(({ accelerator }) => accelerator))];

function family(name: string, accelerator: string, rows: readonly Row[]): InstanceOffer[] {
  return rows.map(([size, accelerators, memoryGiB, vcpus]) => {
    const type = `ml.${name}.${size}`;
    return {
      type,
      accelerator,
      accelerators,
      vcpus,
      memoryMiB: memoryGiB * 1024 - HOST_MEMORY_MIB,
      pricePerHourUsd: INSTANCE_PRICES_PER_HOUR_USD.get(type)!,
      ...PROVISIONING,
    };
  });
}
