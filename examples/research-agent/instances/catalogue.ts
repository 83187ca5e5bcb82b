import type { Instance } from './instance';

/** https://aws.amazon.com/sagemaker/ai/pricing/ */
export const PRICES = 'Amazon SageMaker AI pricing, us-west-2, on demand, November 2026';

/** By way of https://github.com/aws/karpenter-provider-aws, its reference of instance types. */
export const SIZES = 'DescribeInstanceTypes of Amazon EC2, August 2026';

type Row = readonly [size: string, accelerators: number, hostMemoryGib: number, vcpus: number, pricePerHourUsd: number];

/** Instance types with accelerators whose sizes and prices are both known. */
export const CATALOGUE: readonly Instance[] = [
  ...family('g5', 'A10G', 22_888, [
    ['xlarge', 1, 16, 4, 1.408],
    ['2xlarge', 1, 32, 8, 1.515],
    ['4xlarge', 1, 64, 16, 2.03],
    ['8xlarge', 1, 128, 32, 3.06],
    ['12xlarge', 4, 192, 48, 7.09],
    ['24xlarge', 4, 384, 96, 10.18],
    ['48xlarge', 8, 768, 192, 20.36],
  ]),
  ...family('g6', 'L4', 22_888, [
    ['xlarge', 1, 16, 4, 1.1267],
    ['2xlarge', 1, 32, 8, 1.222],
    ['4xlarge', 1, 64, 16, 1.654],
    ['8xlarge', 1, 128, 32, 2.518],
    ['12xlarge', 4, 192, 48, 5.752],
    ['24xlarge', 4, 384, 96, 8.344],
    ['48xlarge', 8, 768, 192, 16.688],
  ]),
  ...family('g6e', 'L40S', 45_776, [
    ['xlarge', 1, 32, 4, 2.6054],
    ['2xlarge', 1, 64, 8, 2.8026],
    ['4xlarge', 1, 128, 16, 3.7553],
    ['8xlarge', 1, 256, 32, 5.6607],
    ['12xlarge', 4, 384, 48, 13.1158],
    ['24xlarge', 4, 768, 96, 18.832],
    ['48xlarge', 8, 1536, 192, 37.664],
  ]),
  ...family('g7e', 'RTX PRO 6000', 98_304, [
    ['2xlarge', 1, 64, 8, 4.2039],
    ['12xlarge', 2, 512, 48, 10.3576],
    ['48xlarge', 8, 2048, 192, 41.43],
  ]),
  ...family('p4d', 'A100', 40_960, [['24xlarge', 8, 1152, 96, 25.251286]]),
  ...family('p5', 'H100', 81_920, [['48xlarge', 8, 2048, 192, 63.296]]),
];

/** Names of the accelerators, each once. */
export const ACCELERATORS: readonly string[] = [...new Set(CATALOGUE.map(({ accelerator }) => accelerator!))];

function family(name: string, accelerator: string, memoryMib: number, rows: readonly Row[]): Instance[] {
  return rows.map(([size, accelerators, hostMemoryGib, vcpus, pricePerHourUsd]) => ({
    name: `ml.${name}.${size}`,
    accelerator,
    accelerators,
    memoryPerAcceleratorGib: roundedGib(memoryMib),
    acceleratorMemoryGib: roundedGib(accelerators * memoryMib),
    vcpus,
    hostMemoryGib,
    pricePerHourUsd,
  }));
}

function roundedGib(mib: number): number {
  return Math.round((100 * mib) / 1024) / 100;
}
