import { breakable, type Content, type Markup, markup } from '../../core/report/markup';
import type { Estimate } from '../experiment/result';
import { type Format, interval, NONE } from './format';

export interface Column<Row> {
  readonly title: Content;
  /** Right-aligned, with digits of equal width. */
  readonly isNumeric?: boolean;
  cell(row: Row): Content;
}

/** The first column names its row. A table that is too wide scrolls by itself. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const kind = (column: Column<Row>) => (column.isNumeric ? markup` class="number"` : undefined);
  const [first, ...others] = columns as [Column<Row>, ...Column<Row>[]];
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col"${kind(column)}>${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`
<tr><th scope="row">${first.cell(row)}</th>${others.map((column) => markup`<td${kind(column)}>${column.cell(row)}</td>`)}</tr>`,
  )}
</tbody></table></div>`;
}

/** The mean with its interval below. */
export function estimated(estimate: Estimate | null, format: Format): Content {
  if (estimate === null) return NONE;
  return markup`${format(estimate.mean)}<small>${interval(estimate, format)}</small>`;
}

/** A name with a smaller line below. */
export function named(name: string, detail: string): Markup {
  return markup`${breakable(name)}<small>${breakable(detail)}</small>`;
}

/** Says yes or no by sign and by word, not by colour alone. */
export function checked(isGood: boolean, good: string, bad: string): Markup {
  return isGood
    ? markup`<span class="good"><span aria-hidden="true">✓</span> ${good}</span>`
    : markup`<span class="bad"><span aria-hidden="true">✗</span> ${bad}</span>`;
}
