import { type RandomStream, randomStream } from '../../../../sim/kernel/random';

/** Draws that depend on nothing but what they are for, so that a seed means the same in whatever order things happen. */
export function drawsFor(seed: number, what: string, purpose: string): RandomStream {
  return randomStream(seed, what, purpose);
}

export const between = (random: RandomStream, low: number, high: number) => low + (high - low) * random.uniform();

export const chance = (random: RandomStream, share: number) => random.uniform() < share;

export function oneOf<T>(random: RandomStream, choices: readonly T[]): T {
  return choices[Math.floor(random.uniform() * choices.length)]!;
}

/** One of several by weight. */
export function weighted<Name extends string>(random: RandomStream, weights: Readonly<Record<Name, number>>): Name {
  const entries = Object.entries(weights) as [Name, number][];
  let left = random.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return entries.at(-1)![0];
}
