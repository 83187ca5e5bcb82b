/**
 * Memory that copies cannot have because the host runs on it. AWS does not publish how much that is; this is the least
 * it can be, so that nothing is refused that SageMaker would accept.
 */
const HOST_MEMORY_MIB = 1024;

/** What an instance with so much memory, in GiB, has for copies, in MiB. */
export function memoryForCopiesMiB(memoryGiB: number): number {
  return memoryGiB * 1024 - HOST_MEMORY_MIB;
}
