import { breakable, markup } from '../../../core/report/markup';
import type { Cascade, ExperimentResult } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis } from '../chart/axis';
import { key, legend } from '../chart/mark';
import { type Drawing, PANEL_WIDTH, picture } from '../chart/picture';
import { rowsFor } from '../chart/rows';
import { linearScale } from '../chart/scale';
import { count, seconds, tickFormat } from '../format';
import { absent, figure, panels, type Section } from './section';

export function cascadesSection({ cascades, cells }: ExperimentResult): Section {
  const [id, title] = ['cascades', 'Cold-start cascades'];
  if (cascades.length === 0) return { id, title, body: absent('No request of the first seed met a cold component.') };
  const without = cells.filter(({ cell }) => cascades.every((cascade) => cascade.cell !== cell));
  const longestMs = Math.max(...cascades.flatMap(({ nodes }) => nodes.map(({ endMs }) => endMs)));

  return {
    id,
    title,
    body: figure(
      `The slowest request of each cell that met cold components, first seed, all on the same time scale: what waits one after another adds up, what is warmed together does not.${
        without.length > 0 ? ` No request met one in ${without.map(({ cell }) => cell).join(', ')}.` : ''
      }`,
      legend([
        [
          key(markup`<rect class="part2" width="16" height="16"/><rect fill="url(#hatch)" width="16" height="16"/>`),
          'waiting for a copy',
        ],
        [key(markup`<rect class="part1" width="16" height="16"/>`), 'queue and service'],
      ]),
      panels(
        cascades.map(
          (cascade, i) =>
            markup`<div><h3>${breakable(cascade.cell)}<small>${outline(cascade)}</small></h3>${picture(
              {
                id: `cascade-${i + 1}`,
                title: `Slowest cascade of ${cascade.cell}`,
                description: cascade.nodes
                  .map(
                    ({ node, startMs, coldMs, endMs }) =>
                      `${node} from ${seconds(startMs)} to ${seconds(endMs)}, of which ${seconds(coldMs)} cold`,
                  )
                  .join('; '),
                draw: (width) => drawn(cascade, longestMs, width),
              },
              PANEL_WIDTH,
            )}</div>`,
        ),
      ),
    ),
  };
}

function outline({ latencyMs, depth }: Cascade): string {
  return `${seconds(latencyMs)}, ${count(depth, 'cold start')} ${depth === 1 ? 'on the path' : 'in a row'}`;
}

function drawn({ nodes }: Cascade, longestMs: number, width: number): Drawing {
  const rows = rowsFor(
    nodes.map(({ node, component }) => ({ text: node === component ? node : `${node} (${component})` })),
    width,
    11,
  );
  const right = width - 14;
  const scale = linearScale([0, longestMs / 1000], [rows.left, right], 6);
  return {
    height: rows.bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale, format: tickFormat(scale.ticks), label: 'seconds since the request came in', left: rows.left, right, top: rows.top, bottom: rows.bottom })}${nodes.map(
      ({ node, startMs, coldMs, endMs }, row) => {
        const [start, warm, end] = [startMs, startMs + coldMs, endMs].map((ms) => scale.at(ms / 1000)) as [
          number,
          number,
          number,
        ];
        const y = rows.middle(row) - 5.5;
        const cold =
          coldMs > 0
            ? markup`<rect class="part2" x="${start}" y="${y}" width="${warm - start}" height="11"/><rect fill="url(#hatch)" x="${start}" y="${y}" width="${warm - start}" height="11"/>`
            : undefined;
        return markup`${rows.label(row)}<g><title>${node}: ${seconds(coldMs)} cold, ${seconds(endMs - startMs - coldMs)} queue and service</title>${cold}<rect class="part1" x="${warm}" y="${y}" width="${Math.max(1.5, end - warm)}" height="11"/></g>`;
      },
    )}`,
  };
}
