import type { Comparison } from '../experiment/result';
import { count, median } from './format';

/** Of the changes, seed by seed; null if it is infinite, or there are none. */
export function medianSeed({ bySeed }: Pick<Comparison, 'bySeed'>): number | null {
  const middle = bySeed.length === 0 ? NaN : median(bySeed.map((change) => change ?? Infinity));
  return Number.isFinite(middle) ? middle : null;
}

/** What has to be said beside the change. */
export function notesOf({ of, against, unreached, bySeed, unequal }: Comparison): string[] {
  const sides = [
    { cell: of, seeds: unreached.of },
    { cell: against, seeds: unreached.against },
  ].filter(({ seeds }) => seeds > 0);
  const without = sides.map(({ cell, seeds }) => `${cell} has no P95 in ${seeds} of ${count(bySeed.length, 'seed')}`);
  return [
    ...(without.length > 0 ? [`${without.join(', ')}; the change is the median by ranks, which leaves none out`] : []),
    ...(unequal === null ? [] : [`${unequal}, so neither wins`]),
  ];
}
