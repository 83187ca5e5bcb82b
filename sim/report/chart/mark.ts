import { type Content, type Markup, markup } from '../../../core/report/markup';
import type { CellSummary } from '../../experiment/result';
import { sideOf } from '../verdict';

/** How the cells of one side are drawn: a colour, which the style sheet has, and a shape, for those who see no colours. */
export interface Side {
  readonly name: string;
  readonly index: number;
}

const SHAPES = 4;

/** Of every cell, in the order of the cells. */
export function sidesOf(cells: readonly CellSummary[]): ReadonlyMap<string, Side> {
  const names = [...new Set(cells.map(sideOf))];
  return new Map(
    cells.map((cell) => {
      const name = sideOf(cell);
      return [cell.cell, { name, index: names.indexOf(name) % SHAPES }];
    }),
  );
}

/** A square, disc, triangle or diamond. */
export function mark(side: Side, x: number, y: number, radius: number, kind: 'dot' | 'mean', tip?: string): Markup {
  const path = shapes(radius)[side.index];
  return markup`<path class="${kind} side${side.index}" d="M${x} ${y}${path}"${tip === undefined ? markup`/>` : markup`><title>${tip}</title></path>`}`;
}

/** From the centre, all of about the same area. */
function shapes(r: number): Markup[] {
  const [square, triangle, diamond] = [r * 0.89, r * 1.25, r * 1.3];
  return [
    markup`m${-square} ${-square}h${2 * square}v${2 * square}h${-2 * square}z`,
    markup`m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
    markup`m0 ${-triangle}l${triangle} ${1.8 * triangle}h${-2 * triangle}z`,
    markup`m0 ${-diamond}l${diamond} ${diamond}l${-diamond} ${diamond}l${-diamond} ${-diamond}z`,
  ];
}

/** The sides with their marks. */
export function sideLegend(sides: ReadonlyMap<string, Side>, more: readonly Content[] = []): Markup {
  const unique = new Map([...sides.values()].map((side) => [side.name, side]));
  return legend([...[...unique.values()].map((side) => [key(mark(side, 8, 8, 5, 'mean')), side.name]), ...more]);
}

/** A sample of what is drawn, for a legend. */
export function key(sample: Markup): Markup {
  return markup`<svg class="key" viewBox="0 0 16 16" aria-hidden="true">${sample}</svg>`;
}

export function legend(entries: readonly Content[]): Markup {
  return markup`<ul class="legend">${entries.map((entry) => markup`<li>${entry}</li>`)}</ul>`;
}
