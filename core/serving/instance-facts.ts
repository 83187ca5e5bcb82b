/** What an instance type has. */
export interface InferenceInstanceFacts {
  /** GPUs or Neuron devices. */
  readonly accelerators: number;
  /**
   * Memory of one accelerator, in GiB.
   *
   * @default - not known
   */
  readonly acceleratorMemoryGiB?: number;
  /** Memory of the host, in GiB. */
  readonly memoryGiB: number;
  readonly vcpus: number;
  /** Whether it has NVMe storage of its own, which SageMaker cannot encrypt with a key of yours. */
  readonly hasNvme: boolean;
}

/**
 * What the instance types of SageMaker endpoints have.
 *
 * Figures of `DescribeInstanceTypes` of Amazon EC2, as the generated reference of Karpenter publishes them; taken on 2026-08-21 from
 * https://github.com/aws/karpenter-provider-aws/blob/1d927085/website/content/en/preview/reference/instance-types.md, for types that
 * the SageMaker API lists (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html). Those with a `d` in
 * CPU families are left out.
 */
export const INSTANCE_FACTS: ReadonlyMap<string, InferenceInstanceFacts> = new Map([
  ...gpus('g4dn', 16_384, {
    xlarge: [1, 16, 4],
    '2xlarge': [1, 32, 8],
    '4xlarge': [1, 64, 16],
    '8xlarge': [1, 128, 32],
    '12xlarge': [4, 192, 48],
    '16xlarge': [1, 256, 64],
  }),
  ...gpus('g5', 22_888, {
    xlarge: [1, 16, 4],
    '2xlarge': [1, 32, 8],
    '4xlarge': [1, 64, 16],
    '8xlarge': [1, 128, 32],
    '12xlarge': [4, 192, 48],
    '16xlarge': [1, 256, 64],
    '24xlarge': [4, 384, 96],
    '48xlarge': [8, 768, 192],
  }),
  ...gpus('g6', 22_888, {
    xlarge: [1, 16, 4],
    '2xlarge': [1, 32, 8],
    '4xlarge': [1, 64, 16],
    '8xlarge': [1, 128, 32],
    '12xlarge': [4, 192, 48],
    '16xlarge': [1, 256, 64],
    '24xlarge': [4, 384, 96],
    '48xlarge': [8, 768, 192],
  }),
  ...gpus('g6e', 45_776, {
    xlarge: [1, 32, 4],
    '2xlarge': [1, 64, 8],
    '4xlarge': [1, 128, 16],
    '8xlarge': [1, 256, 32],
    '12xlarge': [4, 384, 48],
    '16xlarge': [1, 512, 64],
    '24xlarge': [4, 768, 96],
    '48xlarge': [8, 1536, 192],
  }),
  ...gpus('g7', 32_768, {
    '2xlarge': [1, 32, 8],
    '4xlarge': [1, 64, 16],
    '8xlarge': [1, 128, 32],
    '12xlarge': [2, 192, 48],
    '24xlarge': [4, 384, 96],
    '48xlarge': [8, 768, 192],
  }),
  ...gpus('g7e', 98_304, {
    '2xlarge': [1, 64, 8],
    '4xlarge': [1, 128, 16],
    '8xlarge': [1, 256, 32],
    '12xlarge': [2, 512, 48],
    '24xlarge': [4, 1024, 96],
    '48xlarge': [8, 2048, 192],
  }),
  ...gpus('p4d', 40_960, { '24xlarge': [8, 1152, 96] }),
  ...gpus('p4de', 81_920, { '24xlarge': [8, 1152, 96] }),
  ...gpus('p5', 81_920, { '4xlarge': [1, 256, 16], '48xlarge': [8, 2048, 192] }),
  ...gpus('p5e', 144_384, { '48xlarge': [8, 2048, 192] }),
  ...gpus('p5en', 144_384, { '48xlarge': [8, 2048, 192] }),
  ...gpus('p6-b200', 183_359, { '48xlarge': [8, 2048, 192] }),
  ...neuron('inf2', false, {
    xlarge: [1, 16, 4],
    '8xlarge': [1, 128, 32],
    '24xlarge': [6, 384, 96],
    '48xlarge': [12, 768, 192],
  }),
  ...neuron('trn1', true, { '2xlarge': [1, 32, 8], '32xlarge': [16, 512, 128] }),
  ...cpus('m5', 4, [2, 4, 8, 16, 48, 96]),
  ...cpus('c6i', 2, [2, 4, 8, 16, 32, 48, 64, 96, 128]),
  ...cpus('m6i', 4, [2, 4, 8, 16, 32, 48, 64, 96, 128]),
  ...cpus('r6i', 8, [2, 4, 8, 16, 32, 48, 64, 96, 128]),
  ...cpus('c7i', 2, [2, 4, 8, 16, 32, 48, 64, 96, 192]),
  ...cpus('m7i', 4, [2, 4, 8, 16, 32, 48, 64, 96, 192]),
  ...cpus('r7i', 8, [2, 4, 8, 16, 32, 48, 64, 96, 192]),
]);

/** By size: accelerators, memory in GiB, vCPUs. */
type Sizes = Readonly<Record<string, readonly [accelerators: number, memoryGiB: number, vcpus: number]>>;

type Row = readonly [name: string, facts: InferenceInstanceFacts];

function gpus(family: string, memoryOfOneMiB: number, sizes: Sizes): Row[] {
  return rows(family, sizes, { acceleratorMemoryGiB: memoryOfOneMiB / 1024, hasNvme: true });
}

function neuron(family: string, hasNvme: boolean, sizes: Sizes): Row[] {
  return rows(family, sizes, { hasNvme });
}

/** Sizes of Intel families are counted in `xlarge`, of 4 vCPUs. */
function cpus(family: string, memoryOfOneGiB: number, vcpus: readonly number[]): Row[] {
  const size = (count: number) => (count === 2 ? 'large' : count === 4 ? 'xlarge' : `${count / 4}xlarge`);
  const sizes = Object.fromEntries(vcpus.map((count) => [size(count), [0, count * memoryOfOneGiB, count] as const]));
  return rows(family, sizes, { hasNvme: false });
}

function rows(family: string, sizes: Sizes, facts: Pick<InferenceInstanceFacts, 'acceleratorMemoryGiB' | 'hasNvme'>) {
  return Object.entries(sizes).map(
    ([size, [accelerators, memoryGiB, vcpus]]): Row => [
      `ml.${family}.${size}`,
      { accelerators, memoryGiB, vcpus, ...facts },
    ],
  );
}
