import type { Passage } from './corpus/passage';

/** Damps the lead of a first place over a second (Cormack et al., *Reciprocal Rank Fusion*, SIGIR 2009). */
const RANK_DAMPING = 60;

/** Merges ranked lists into one: a passage near the top of many lists wins. A search that failed counts for nothing. */
export function fuse(lists: readonly (readonly Passage[] | undefined)[], limit: number): Passage[] {
  const ranked = new Map<string, { passage: Passage; score: number }>();
  for (const list of lists) {
    list?.forEach((passage, rank) => {
      const score = (ranked.get(passage.id)?.score ?? 0) + 1 / (RANK_DAMPING + rank);
      ranked.set(passage.id, { passage, score });
    });
  }
  return [...ranked.values()]
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ passage }) => passage);
}
