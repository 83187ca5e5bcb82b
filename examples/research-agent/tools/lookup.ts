import type * as z from 'zod';
import { CATALOGUE, PRICES, SIZES } from '../instances/catalogue';
import { type Instance, NO_INSTANCE, show } from '../instances/instance';
import { type Evidence, Lookup } from '../schemas';

/** What one instance type has and costs. */
export function lookUp({ instance }: z.infer<typeof Lookup.input>): z.infer<typeof Lookup.output> {
  const found = CATALOGUE.find(({ name }) => name === instance);
  return found
    ? { ...found, evidence: evidenceOf(found) }
    : { ...NO_INSTANCE, evidence: [{ statement: `The catalogue does not have ${instance}.`, source: SIZES }] };
}

/** The Lambda function behind the tool `lookup`. */
export async function handler(event: unknown): Promise<z.infer<typeof Lookup.output>> {
  return lookUp(Lookup.input.parse(event));
}

export function evidenceOf(instance: Instance): Evidence[] {
  const { name, accelerator, accelerators, memoryPerAcceleratorGib, acceleratorMemoryGib } = instance;
  const gpus = accelerators === 1 ? `1 ${accelerator} accelerator` : `${accelerators} ${accelerator} accelerators`;
  const memory =
    accelerators === 1
      ? `${show(acceleratorMemoryGib!)} GiB of memory`
      : `${show(memoryPerAcceleratorGib!)} GiB of memory each, ${show(acceleratorMemoryGib!)} GiB in all`;
  return [
    {
      statement: `${name} has ${gpus} with ${memory}, ${instance.vcpus} vCPUs and ${instance.hostMemoryGib} GiB of host memory.`,
      source: SIZES,
    },
    { statement: `${name} costs ${show(instance.pricePerHourUsd!)} USD per hour.`, source: PRICES },
  ];
}
