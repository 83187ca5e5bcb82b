import type { Passage } from './corpus/passage';
import type { Citation } from './schemas';

export interface Cited {
  readonly answer: string;
  readonly citations: Citation[];
}

/** Brackets in code are no citations. */
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

const CITATION = / ?\[(\d{1,3})\]/g;

/**
 * Numbers what an answer cites from `[1]`, in the order of its first mention, and lists it.
 *
 * The writer cites by the places of the passages in its prompt, which a reader never sees. A number without a passage
 * is taken out: once the others are numbered anew it would point at the wrong one.
 */
export function numberCitations(text: string, passages: readonly Passage[]): Cited {
  const numbers = new Map<Passage, number>();
  const renumber = (prose: string) =>
    prose.replaceAll(CITATION, (mark: string, digits: string) => {
      const passage = passages[Number(digits) - 1];
      if (!passage) return '';
      if (!numbers.has(passage)) numbers.set(passage, numbers.size + 1);
      return mark.replace(digits, String(numbers.get(passage)));
    });
  // Split by a pattern with a group, every second part is code.
  const answer = text.split(CODE).map((part, i) => (i % 2 === 0 ? renumber(part) : part));
  const citations = [...numbers].map(([{ source, heading }, id]) => ({ id, source, heading }));
  return { answer: answer.join(''), citations };
}
