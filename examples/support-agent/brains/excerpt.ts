import { blocksOf, isCode } from '../corpus/split-markdown';
import { termsOfPassage } from '../corpus/terms';
import type { NumberedPassage } from '../prompts';

const MAX_PROSE_CHARS = 500;

/** A paragraph and the code that it introduces. */
export interface Excerpt {
  readonly passage: NumberedPassage;
  /** Place of its passage in the list, from 0. */
  readonly rank: number;
  readonly prose: string;
  readonly code: string | undefined;
  /** The terms of its text. */
  readonly own: ReadonlySet<string>;
  /** The terms of the file and the headings above it. */
  readonly headings: ReadonlySet<string>;
}

/** The excerpts of the passage at place `rank` of the list. */
export function excerptsOf(passage: NumberedPassage, rank: number): Excerpt[] {
  const blocks = blocksOf(passage.text);
  const headings = termsOfPassage(`${passage.source.replaceAll('README.md', '')} ${passage.heading}`);
  return blocks.flatMap((block, i) => {
    if (isCode(block) || isAside(block)) return [];
    const prose = firstSentences(block);
    const next = blocks[i + 1];
    const code = next !== undefined && isCode(next) ? next : undefined;
    return [{ passage, rank, prose, code, own: termsOfPassage(`${prose} ${code ?? ''}`), headings }];
  });
}

const isAside = (block: string) => block.startsWith('>');

function firstSentences(paragraph: string): string {
  if (paragraph.length <= MAX_PROSE_CHARS) return paragraph;
  const cut = paragraph.slice(0, MAX_PROSE_CHARS);
  return cut.slice(0, Math.max(cut.lastIndexOf('. ') + 1, cut.lastIndexOf('.\n') + 1) || undefined);
}

export const holds = ({ own, headings }: Excerpt, term: string) => own.has(term) || headings.has(term);
