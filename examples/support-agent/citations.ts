import type { Passage } from './corpus/passage';
import type { Citation } from './schemas';

/** The passages that an answer cites as `[1]`, in the order of their first mention; numbers without one are left out. */
export function citationsOf(answer: string, passages: readonly Passage[]): Citation[] {
  const prose = answer.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
  const cited = new Set([...prose.matchAll(/\[(\d{1,3})\]/g)].map(([, digits]) => Number(digits)));
  return [...cited].flatMap((id) => {
    const passage = passages[id - 1];
    return passage ? [{ id, source: passage.source, heading: passage.heading }] : [];
  });
}
