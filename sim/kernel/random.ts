/** A reproducible stream of random numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
}

/** Beyond this many standard deviations, the 99.9th percentile, a draw is cut off. */
const CUTOFF_Z = 3.09;

/**
 * The stream of one purpose of one entity.
 *
 * Streams are independent of each other, so that a new policy, or one draw more, does not shift what others draw: runs
 * with the same seed stay comparable (common random numbers).
 */
export function randomStream(seed: number, entity: string, purpose: string): RandomStream {
  const key = JSON.stringify([seed, entity, purpose]);
  let [a, b, c, counter] = [hash(key, 1), hash(key, 2), hash(key, 3), 1];

  // sfc32 (Chris Doty-Humphrey, PractRand).
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  return { uniform: () => next() / 2 ** 32 };
}

/** A lognormal draw of the given median and coefficient of variation. */
export function lognormal(random: RandomStream, median: number, variation: number): number {
  const sigma = Math.sqrt(Math.log(1 + variation ** 2));
  return median * Math.exp(sigma * standardNormal(random));
}

/** Box-Muller, cut off at `CUTOFF_Z`. */
function standardNormal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
  const z = radius * Math.cos(2 * Math.PI * random.uniform());
  return Math.max(-CUTOFF_Z, Math.min(CUTOFF_Z, z));
}

/** MurmurHash3, 32 bits. */
function hash(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
