import { partitionPoint } from '../../kernel/partition-point';

/**
 * Which of these times to leave out so that the others ascend: as few as can be, and so one that is far ahead rather
 * than all that come after it; of two that only contradict each other, the greater.
 *
 * @returns their positions, ascending; O(n log n), by patience sorting (C. Schensted, Longest Increasing and Decreasing
 * Subsequences, 1961, https://doi.org/10.4153/CJM-1961-015-3)
 */
export function outOfOrder(times: readonly number[]): number[] {
  if (times.every((time, at) => at === 0 || time >= times[at - 1]!)) return [];

  // Of the ascending selections of each length, the last position of the one that ends with the least time.
  const ends: number[] = [];
  const before = new Int32Array(times.length).fill(-1);
  for (const [at, time] of times.entries()) {
    const length = lengthUpTo(time, ends, times);
    if (length > 0) before[at] = ends[length - 1]!;
    ends[length] = at;
  }
  const isKept = new Uint8Array(times.length);
  for (let at = ends.at(-1)!; at >= 0; at = before[at]!) isKept[at] = 1;
  return Array.from(times.keys()).filter((at) => isKept[at] === 0);
}

/** The length of the longest selection that ends with at most this time, by bisection. */
function lengthUpTo(time: number, ends: readonly number[], times: readonly number[]): number {
  return partitionPoint(ends.length, (length) => times[ends[length]!]! <= time);
}
