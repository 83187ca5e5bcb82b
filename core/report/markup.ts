/** Text that is markup already. Only `markup` makes it, and it escapes whatever else it is given. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * A template of HTML or SVG that is safe by construction: text is escaped, markup goes in as it is, and nothing at all
 * stands for `undefined`.
 *
 * Numbers are coordinates and counts, and rounded to a tenth; numbers for readers are texts made by `format`.
 */
export function markup(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return { markup: strings.reduce((text, string, i) => text + render(contents[i - 1]) + string) };
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'number') return String(Math.round(content * 10) / 10);
  if (typeof content === 'string') return escapeText(content);
  return 'markup' in content ? content.markup : content.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A name that may be broken after the signs that join its parts, such as `modular+prewarm`. */
export function breakable(name: string): Markup {
  return markup`${name.split(/(?<=[+@/,:])/).map((part, i) => (i === 0 ? part : markup`<wbr/>${part}`))}`;
}

/** Not in any XML (https://www.w3.org/TR/xml/#charsets): control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const NO_TEXT = /[^\P{Cc}\t\n\r]|[\p{Cs}\uFFFE\uFFFF]/gu;

/** Escapes text for content and for quoted attributes. */
function escapeText(text: string): string {
  return text.replace(NO_TEXT, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
