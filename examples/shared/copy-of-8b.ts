/** What one copy of a model of 8 billion parameters takes: one GPU, and a quarter of the host of an ml.g6.12xlarge. */
export const COPY_OF_8B = { accelerators: 1, cpuCores: 8, memoryMiB: 32 * 1024 };

/** A copy of a model of 8 billion parameters slows down noticeably beyond this many requests at once. */
export const CONCURRENCY_OF_8B = 8;

/** What its calls cost locally: as in the stacks, a quarter of the hour of an ml.g6.12xlarge in us-west-2, shared by eight calls. */
export const PRICE_OF_8B = {
  perCopyHourUsd: 5.752 / 4,
  concurrencyPerCopy: CONCURRENCY_OF_8B,
  source: 'https://aws.amazon.com/sagemaker/ai/pricing/ (us-west-2, 2026-11)',
};
