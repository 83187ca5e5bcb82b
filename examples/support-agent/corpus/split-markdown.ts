/** A part of a document under one heading. */
export interface Section {
  /** The headings above it, outermost first; empty before the first heading. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** Long enough for an explanation with its example, short enough for eight of them in a small model's prompt. */
const MAX_SECTION_CHARS = 1800;

/** Splits a document by its headings, and long sections between paragraphs, never inside a block of code. */
export function splitMarkdown(markdown: string): Section[] {
  const sections: Section[] = [];
  let headings: string[] = [];
  let blocks: string[] = [];
  const endSection = () => {
    sections.push(...packBlocks(blocks).map((text) => ({ headings, text })));
    blocks = [];
  };

  for (const block of blocksOf(markdown)) {
    const [, marks, title] = /^(#{1,6})\s+(.*)$/.exec(block) ?? [];
    if (marks && title) {
      endSection();
      headings = [...headings.slice(0, marks.length - 1), title.replaceAll('`', '').trim()];
    } else {
      blocks.push(block);
    }
  }
  endSection();
  return sections;
}

/** Paragraphs, headings and fenced code blocks, in order. */
export function blocksOf(markdown: string): string[] {
  const blocks: string[] = [];
  let open: string[] = [];
  let fence: string | undefined;
  const endBlock = () => {
    if (open.length > 0) blocks.push(open.join('\n').trim());
    open = [];
  };

  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence) {
      open.push(line);
      if (mark?.startsWith(fence)) {
        fence = undefined;
        endBlock();
      }
    } else if (mark) {
      endBlock();
      fence = mark;
      open.push(line);
    } else if (line.trim() === '') {
      endBlock();
    } else if (/^#{1,6}\s/.test(line)) {
      endBlock();
      blocks.push(line.trim());
    } else {
      open.push(line);
    }
  }
  endBlock();
  return blocks;
}

export const isCode = (block: string) => /^\s*(```|~~~)/.test(block);

/** Joins blocks up to the limit. Code stays with the paragraph that introduces it. */
function packBlocks(blocks: readonly string[]): string[] {
  const packs: string[] = [];
  let pack: string[] = [];
  let chars = 0;
  blocks.forEach((block, i) => {
    const withExample = block.length + (isCode(blocks[i + 1] ?? '') ? blocks[i + 1]!.length : 0);
    if (pack.length > 0 && !isCode(block) && chars + withExample > MAX_SECTION_CHARS) {
      packs.push(pack.join('\n\n'));
      pack = [];
      chars = 0;
    }
    pack.push(block);
    chars += block.length;
  });
  if (pack.length > 0) packs.push(pack.join('\n\n'));
  return packs;
}
