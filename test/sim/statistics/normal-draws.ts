import type { RandomStream } from '../../../sim/kernel/random';

/** Standard normal numbers (Box-Muller). */
export function normalDraws(random: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    return radius * Math.cos(2 * Math.PI * random.uniform());
  });
}
