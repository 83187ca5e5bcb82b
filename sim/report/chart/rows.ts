import { type Markup, markup } from '../../../core/report/markup';
import { isRoomy } from './picture';
import { fitted, TEXT_PX, textWidth } from './text';

/** Where the rows of a chart lie whose items have names: beside their marks if there is room, above them if not. */
export interface Rows {
  /** Left end of the plot. */
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  /** Middle of the marks of a row. */
  middle(row: number): number;
  label(row: number): Markup;
}

export interface RowName {
  readonly text: string;
  /** More lines in smaller letters, as many in every row. */
  readonly details?: readonly string[];
  readonly isStrong?: boolean;
}

/** Left of a plot, for half of the number of its first tick. */
const MARGIN_PX = 25;
const GUTTER_PX = 12;
const LINE_PX = 16;
const WIDEST_NAME_PX = 290;
/** Details are in smaller letters. */
const DETAIL_SIZE = 0.92;

/** Rows of marks that are `markPx` high. */
export function rowsFor(names: readonly RowName[], width: number, markPx: number): Rows {
  const top = 4;
  const textPx = LINE_PX * (1 + (names[0]?.details?.length ?? 0));
  const beside = isRoomy(width);
  const longest = Math.max(
    0,
    ...names.flatMap(({ text, details = [] }) => [
      textWidth(text),
      ...details.map((detail) => DETAIL_SIZE * textWidth(detail)),
    ]),
  );
  const left = beside ? Math.min(WIDEST_NAME_PX, longest) + GUTTER_PX : MARGIN_PX;
  const pitch = beside ? Math.max(markPx, textPx) + 8 : markPx + textPx + 10;
  const middle = (row: number) => top + pitch * row + (beside ? pitch / 2 : textPx + 4 + markPx / 2);

  return {
    left,
    top,
    bottom: top + pitch * names.length,
    middle,
    label(row) {
      const { text, details = [], isStrong } = names[row]!;
      const [x, room, anchor] = beside ? [left - GUTTER_PX, left - GUTTER_PX, 'end'] : [0, width, 'start'];
      const first = TEXT_PX + (beside ? middle(row) - textPx / 2 : top + pitch * row);
      const line = (content: string, kind: string, n: number, size = 1) =>
        markup`<text class="label halo ${kind}" x="${x}" y="${first + n * LINE_PX}" text-anchor="${anchor}">${fitted(content, room / size)}<title>${content}</title></text>`;
      return markup`${line(text, isStrong ? 'strong' : '', 0)}${details.map((detail, i) => line(detail, 'minor', i + 1, DETAIL_SIZE))}`;
    },
  };
}
