import { breakable, type Markup, markup } from '../../../core/report/markup';
import type { CellSummary, ExperimentResult, LatencyParts } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis } from '../chart/axis';
import { key, legend } from '../chart/mark';
import { type Drawing, FULL_WIDTH, picture } from '../chart/picture';
import { rowsFor } from '../chart/rows';
import { linearScale } from '../chart/scale';
import { textWidth } from '../chart/text';
import { formatFor, median, seconds, tickFormat } from '../format';
import { table } from '../table';
import { absent, figure, numbers, type Section } from './section';

const PARTS: readonly { readonly part: keyof LatencyParts; readonly name: string }[] = [
  { part: 'queueMs', name: 'queue' },
  { part: 'serviceMs', name: 'service' },
  { part: 'coldMs', name: 'cold start' },
  { part: 'retryMs', name: 'retry' },
  { part: 'orchestrationMs', name: 'orchestration' },
];

export function decompositionSection({ cells }: ExperimentResult): Section {
  const [id, title] = ['parts', 'Where the P95 goes'];
  if (cells.length === 0) return { id, title, body: absent('This run finished no cell.') };
  const totals = cells.map(totalMs);
  const longest = cutOff(totals);
  const isCut = totals.some((total) => total > longest);
  const inSeconds = PARTS.map(({ part }) => formatFor(cells.map(({ p95Parts }) => p95Parts[part] / 1000)));

  return {
    id,
    title,
    body: figure(
      markup`Time along the critical path of requests around the P95. Queue: waiting in a full copy; cold start: waiting for a copy that is on its way; retry: between a failed try and the next.${
        isCut ? ' Bars that end in a zigzag are cut; the number says how long they are.' : undefined
      }`,
      legend(
        PARTS.map(({ name }, i) => [
          key(markup`<rect class="part${i}" width="16" height="16"/>${texture(i, 0, 0, 16, 16)}`),
          name,
        ]),
      ),
      picture(
        {
          id: 'parts',
          title: 'Parts of the P95 of every cell',
          description: cells.map((cell) => `${cell.cell}: ${inWords(cell)}`).join('; '),
          draw: (width) => drawn(cells, longest, width),
        },
        FULL_WIDTH,
      ),
      numbers(
        table<CellSummary>(
          'Parts of the P95, seconds',
          [
            { title: 'cell', cell: ({ cell }) => breakable(cell) },
            ...PARTS.map(({ part, name }, i) => ({
              title: name,
              isNumeric: true,
              cell: ({ p95Parts }: CellSummary) => inSeconds[i]!(p95Parts[part] / 1000),
            })),
            { title: 'together', isNumeric: true, cell: (cell) => seconds(totalMs(cell)) },
          ],
          cells,
        ),
      ),
    ),
  };
}

const totalMs = ({ p95Parts }: CellSummary) => PARTS.reduce((sum, { part }) => sum + p95Parts[part], 0);

const inWords = ({ p95Parts }: CellSummary) =>
  PARTS.filter(({ part }) => p95Parts[part] > 0)
    .map(({ part, name }) => `${name} ${seconds(p95Parts[part])}`)
    .join(', ');

/** Where a bar far longer than most is cut off, so that the others remain legible. */
function cutOff(totals: readonly number[]): number {
  const limit = 3 * median(totals);
  const below = totals.filter((total) => total <= limit);
  return below.length === totals.length ? Math.max(...totals) : 1.15 * Math.max(...below);
}

function drawn(cells: readonly CellSummary[], longestMs: number, width: number): Drawing {
  const rows = rowsFor(
    cells.map(({ cell }) => ({ text: cell })),
    width,
    16,
  );
  const right = width - textWidth('00,000 s') - 8;
  const scale = linearScale([0, longestMs / 1000], [rows.left, right], 6);

  const bars = cells.map((cell, row) => {
    const y = rows.middle(row) - 8;
    let startMs = 0;
    const segments = PARTS.map(({ part, name }, i) => {
      const [from, to] = [startMs, Math.min(startMs + cell.p95Parts[part], longestMs)];
      startMs = Math.min(startMs + cell.p95Parts[part], longestMs);
      if (to <= from) return undefined;
      const [left, length] = [scale.at(from / 1000), scale.at(to / 1000) - scale.at(from / 1000)];
      return markup`<g><title>${cell.cell}, ${name}: ${seconds(cell.p95Parts[part])}</title><rect class="part${i}" x="${left}" y="${y}" width="${length}" height="16"/>${texture(i, left, y, length, 16)}</g>`;
    });
    const end = scale.at(startMs / 1000);
    const cut =
      totalMs(cell) > longestMs
        ? markup`<path class="cut" d="M${end - 4} ${y - 1}l5 4.5l-5 4.5l5 4.5l-5 4.5"/>`
        : undefined;
    return markup`${rows.label(row)}${segments}${cut}<text class="label" x="${end + 7}" y="${y + 12.5}">${seconds(totalMs(cell))}</text>`;
  });
  return {
    height: rows.bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale, format: tickFormat(scale.ticks), label: 'seconds', left: rows.left, right, top: rows.top, bottom: rows.bottom })}${bars}`,
  };
}

/** Parts that matter most carry a texture, so that they are told apart without colours. */
function texture(part: number, x: number, y: number, width: number, height: number): Markup | undefined {
  const pattern = ['dots', undefined, 'hatch', 'grid', undefined][part];
  return pattern === undefined
    ? undefined
    : markup`<rect fill="url(#${pattern})" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
}
