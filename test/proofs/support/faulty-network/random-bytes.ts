import type { RandomStream } from '../../../../sim/kernel/random';

export function randomBytes(random: RandomStream, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random.uniform() * 256)));
}
