import { HEADING_SEPARATOR } from '../corpus/passage';
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
  /** Whether it starts from what was said before it, and cannot stand at the start of an answer. */
  readonly continues: boolean;
  /** The terms of its prose. */
  readonly said: ReadonlySet<string>;
  /** The terms of its code. */
  readonly shown: ReadonlySet<string>;
  /** The terms of the file and the headings above it. */
  readonly headings: ReadonlySet<string>;
}

/** The excerpts of the passage at place `rank` of the list. */
export function excerptsOf(passage: NumberedPassage, rank: number): Excerpt[] {
  const blocks = withLists(blocksOf(passage.text));
  const headings = termsOfPassage(`${passage.source.replaceAll('README.md', '')} ${passage.heading}`);
  return blocks.flatMap((block, i) => {
    if (isAside(block) || (isCode(block) && i > 0)) return [];
    const prose = isCode(block) ? titleOf(passage) : block;
    const code = isCode(block) ? block : codeAfter(blocks, i);
    const text = toStatement(prose, code !== undefined);
    if (text === '') return [];
    const terms = { said: termsOfPassage(text), shown: termsOfPassage(code ?? ''), headings };
    return [{ passage, rank, prose: text, code, continues: isList(text) || CONTINUES.test(text), ...terms }];
  });
}

/** A section that opens with its example leaves the introduction to its heading. */
const titleOf = ({ heading }: NumberedPassage) => `${heading.split(HEADING_SEPARATOR).at(-1)!}:`;

/** The code that follows a paragraph, also where a note comes between "as follows:" and what follows. */
function codeAfter(blocks: readonly string[], i: number): string | undefined {
  const [next, second] = blocks.slice(i + 1);
  if (next === undefined || isCode(next)) return next;
  const announced = blocks[i]!.endsWith(':') && CONTINUES.test(next);
  return announced && second !== undefined && isCode(second) ? second : undefined;
}

function toStatement(block: string, hasCode: boolean): string {
  const text = firstSentences(block.replace(CONNECTIVE, (_, letter: string) => letter.toUpperCase()));
  return hasCode ? text : withoutPromise(text);
}

const isAside = (block: string) => block.startsWith('>');
const isList = (block: string) => /^\s*([-*+]|\d+\.)\s/.test(block);

/** A list belongs to the paragraph that announces it, and so does each item after the example of the one before. */
function withLists(blocks: readonly string[]): string[] {
  const joined: string[] = [];
  let announcement: string | undefined;
  for (const block of blocks) {
    const before = joined.at(-1);
    if (isList(block) && announcement !== undefined) {
      if (before === announcement) joined.pop();
      joined.push(`${announcement}\n\n${block}`);
    } else {
      joined.push(block);
      if (!isCode(block)) announcement = block.endsWith(':') ? block : undefined;
    }
  }
  return joined;
}

/** Ties a paragraph to the one before it, but says nothing. */
const CONNECTIVE = /^(?:alternatively|additionally|in addition|also|however|furthermore|moreover|then),\s+(\w)/i;

/** The paragraph speaks of what was said before it. */
const CONTINUES =
  /^\W*(note\b|for (example|instance)|otherwise|similarly|likewise|(in|with|from) (this|that|these|the (above|previous|example))\b|the (above|example above|previous|preceding|following)\b|(this|these|those|such|that) (\w+ )?(method|property|approach|way|behaviou?r|option|example|code|setting|is|are|means|allows?|also|can|will)\b|(it|they)\b)/i;

function firstSentences(paragraph: string): string {
  if (paragraph.length <= MAX_PROSE_CHARS) return paragraph;
  const cut = paragraph.slice(0, MAX_PROSE_CHARS);
  const end = Math.max(cut.lastIndexOf('. ') + 1, cut.lastIndexOf('.\n') + 1, cut.lastIndexOf('\n'));
  return cut.slice(0, end || undefined).trim();
}

/** Without a last sentence such as "For example:" that announces what does not follow. */
function withoutPromise(prose: string): string {
  if (!prose.endsWith(':')) return prose;
  const end = Math.max(prose.lastIndexOf('. ') + 1, prose.lastIndexOf('.\n') + 1);
  return prose.slice(0, end).trim();
}

export const holds = ({ said, shown, headings }: Excerpt, term: string) =>
  said.has(term) || shown.has(term) || headings.has(term);
