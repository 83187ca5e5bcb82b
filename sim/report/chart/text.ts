/** Share of the font size that a character takes on average in the fonts of the page, on the generous side. */
const CHARACTER_WIDTH = 0.61;

/** Size of the text of charts, as in the style sheet. */
export const TEXT_PX = 12.5;

/** About how wide a text is, in pixels: the fonts of the reader are not known. */
export function textWidth(text: string): number {
  return text.length * TEXT_PX * CHARACTER_WIDTH;
}

/** Cut to the width, with an ellipsis. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor(width / (TEXT_PX * CHARACTER_WIDTH)) - 1))}\u2026`;
}
