import type { Passage } from './corpus/passage';
import type { Citation } from './schemas';

export interface Cited {
  readonly answer: string;
  readonly citations: Citation[];
}

/** Brackets in code are no citations. A block without an end is code to the end of the text. */
const FENCE = '```';
const TOKEN = /```|`[^`\n]*`| ?\[(\d{1,3})\]|[^`[ ]+|[\s\S]/y;

/** What may yet become a fence, code or a citation, depending on what follows. */
const UNDECIDED = /(?:`{1,2}|`[^`\n]*| ?\[\d{0,3}| )$/y;

/**
 * Numbers what an answer cites from `[1]`, in the order of its first mention, part by part as the answer is written.
 *
 * The writer cites by the places of the passages in its prompt, which a reader never sees. A number without a passage
 * is taken out: once the others are numbered anew it would point at the wrong one. However a text is cut into parts, what
 * is told of it is the same; white space around it is left out.
 */
export class CitedText {
  readonly #passages: readonly Passage[];
  readonly #numbers = new Map<Passage, number>();
  #rest = '';
  #isInBlock = false;
  #hasBegun = false;
  #whiteSpace = '';

  /** @param passages in the order of the prompt */
  constructor(passages: readonly Passage[]) {
    this.#passages = passages;
  }

  /** @returns what is now certain of the text */
  add(part: string): string {
    this.#rest += part;
    return this.#told(false);
  }

  /** @returns what was still undecided */
  end(): string {
    return this.#told(true);
  }

  get citations(): Citation[] {
    return [...this.#numbers].map(([{ source, heading }, id]) => ({ id, source, heading }));
  }

  #told(isAll: boolean): string {
    const text = this.#rest;
    let told = '';
    let at = 0;
    while (at < text.length) {
      if (this.#isInBlock) {
        const end = text.indexOf(FENCE, at);
        const next = end >= 0 ? end + FENCE.length : text.length - (isAll ? 0 : trailingTicks(text, at));
        told += text.slice(at, next);
        at = next;
        if (end < 0) break;
        this.#isInBlock = false;
      } else {
        UNDECIDED.lastIndex = at;
        if (!isAll && UNDECIDED.test(text)) break;
        TOKEN.lastIndex = at;
        const [token, digits] = TOKEN.exec(text)!;
        this.#isInBlock = token === FENCE;
        told += digits === undefined ? token : this.#renumber(token, digits);
        at += token.length;
      }
    }
    this.#rest = text.slice(at);
    return this.#trim(told);
  }

  #renumber(mark: string, digits: string): string {
    const passage = this.#passages[Number(digits) - 1];
    if (!passage) return '';
    if (!this.#numbers.has(passage)) this.#numbers.set(passage, this.#numbers.size + 1);
    return mark.replace(digits, String(this.#numbers.get(passage)));
  }

  /** White space is kept back until something follows it. */
  #trim(told: string): string {
    const text = this.#hasBegun ? this.#whiteSpace + told : told.trimStart();
    const trimmed = text.trimEnd();
    this.#whiteSpace = text.slice(trimmed.length);
    this.#hasBegun ||= trimmed !== '';
    return trimmed;
  }
}

/** The parts of an answer with its citations numbered. */
export async function* numberedParts(
  parts: AsyncIterable<string>,
  passages: readonly Passage[],
): AsyncGenerator<string, void, undefined> {
  const cited = new CitedText(passages);
  for await (const part of parts) {
    const told = cited.add(part);
    if (told !== '') yield told;
  }
  const told = cited.end();
  if (told !== '') yield told;
}

/** The same for a whole text, with the list of what it cites. */
export function numberCitations(text: string, passages: readonly Passage[]): Cited {
  const cited = new CitedText(passages);
  const answer = cited.add(text) + cited.end();
  return { answer, citations: cited.citations };
}

/** How many backticks at the end of a block may be the start of its closing fence. */
function trailingTicks(text: string, from: number): number {
  return /`{0,2}$/.exec(text.slice(Math.max(from, text.length - 2)))![0].length;
}
