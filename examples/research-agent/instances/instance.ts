import * as z from 'zod';

/** What an instance type of SageMaker endpoints has and costs. A name that is not known has nothing but that. */
export const Instance = z.object({
  name: z.string().nullable(),
  accelerator: z.string().nullable(),
  accelerators: z.number().nullable().describe('how many it has'),
  memoryPerAcceleratorGib: z.number().nullable(),
  acceleratorMemoryGib: z.number().nullable().describe('of all its accelerators together'),
  vcpus: z.number().nullable(),
  hostMemoryGib: z.number().nullable(),
  pricePerHourUsd: z.number().nullable(),
});
export type Instance = z.infer<typeof Instance>;

/** Stands in where there is no instance: what refers to its fields finds that they are not known. */
export const NO_INSTANCE: Instance = {
  name: null,
  accelerator: null,
  accelerators: null,
  memoryPerAcceleratorGib: null,
  acceleratorMemoryGib: null,
  vcpus: null,
  hostMemoryGib: null,
  pricePerHourUsd: null,
};

/** What can be compared. */
export const Quantity = z.enum([
  'accelerators',
  'memoryPerAcceleratorGib',
  'acceleratorMemoryGib',
  'vcpus',
  'hostMemoryGib',
  'pricePerHourUsd',
]);
export type Quantity = z.infer<typeof Quantity>;

/** How quantities are called in prose, and their units. */
export const QUANTITIES: Readonly<Record<Quantity, { readonly title: string; readonly unit: string }>> = {
  accelerators: { title: 'number of accelerators', unit: '' },
  memoryPerAcceleratorGib: { title: 'memory per accelerator', unit: 'GiB' },
  acceleratorMemoryGib: { title: 'accelerator memory', unit: 'GiB' },
  vcpus: { title: 'number of vCPUs', unit: '' },
  hostMemoryGib: { title: 'host memory', unit: 'GiB' },
  pricePerHourUsd: { title: 'price per hour', unit: 'USD' },
};

/** Four significant digits: more are noise beside prices that differ by Region. */
export const show = (value: number, unit = '') => [`${Number(value.toPrecision(4))}`, unit].filter(Boolean).join(' ');
