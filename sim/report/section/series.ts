import { breakable, type Markup, markup } from '../../../core/report/markup';
import type { CellSeries, ExperimentResult } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis, leftAxis } from '../chart/axis';
import { key, legend, type Side, sidesOf } from '../chart/mark';
import { type Drawing, PANEL_WIDTH, picture } from '../chart/picture';
import { extentOf, linearScale, type Range } from '../chart/scale';
import { areaPath, stepPath } from '../chart/series-path';
import { timeScale } from '../chart/time-axis';
import { rounded, tickFormat } from '../format';
import { absent, figure, panels, type Section } from './section';

/** Beside each other; the JSON has those of the other cells. */
const MAX_CELLS = 4;

export function seriesSection(result: ExperimentResult): Section {
  const [id, title] = ['series', 'Load and capacity over time'];
  const shown = chosen(result);
  if (shown.length === 0) return { id, title, body: absent('This run recorded no time series.') };
  const sides = sidesOf(result.cells);
  const tops = rowTops(shown);
  const others = result.series.length - shown.length;

  return {
    id,
    title,
    body: figure(
      `First seed, all on the same scales. Between the dashed and the solid line lie copies that were asked for and are not there yet.${
        others > 0 ? ` Series of ${others} more cells are in the JSON.` : ''
      }`,
      legend([
        [key(markup`<path class="load" d="M0 16V8L5 3L10 9L16 5V16z"/>`), 'load'],
        [key(markup`<path class="in-service side1" d="M0 8H16"/>`), 'in service'],
        [key(markup`<path class="desired" d="M0 8H16"/>`), 'desired'],
      ]),
      panels(
        shown.map(
          (series, i) =>
            markup`<div><h3>${breakable(series.cell)}</h3>${picture(
              {
                id: `series-${i + 1}`,
                title: `${series.cell} over time`,
                description: described(series),
                draw: (width) => drawn(series, sides.get(series.cell), tops, width),
              },
              PANEL_WIDTH,
            )}</div>`,
        ),
      ),
    ),
  };
}

/** Those of the primary endpoints, each `against` before its `of`; else the first ones. */
function chosen({ series, comparisons }: ExperimentResult): CellSeries[] {
  const primary = comparisons.filter(({ isPrimary }) => isPrimary).flatMap(({ of, against }) => [against, of]);
  const ofPrimary = [...new Set(primary)].flatMap((cell) => series.filter((candidate) => candidate.cell === cell));
  return (ofPrimary.length > 0 ? ofPrimary : series).slice(0, MAX_CELLS);
}

/** Of each row of the picture, by its name: what is greatest in any of the cells. */
function rowTops(shown: readonly CellSeries[]): ReadonlyMap<string, number> {
  const tops = new Map<string, number>();
  for (const series of shown) {
    for (const { name, lines } of rowsOf(series)) {
      tops.set(name, Math.max(tops.get(name) ?? 1, extentOf(lines.flatMap(({ values }) => values))[1]));
    }
  }
  return tops;
}

interface SeriesRow {
  readonly name: string;
  readonly lines: readonly { readonly kind: 'load' | 'in-service' | 'desired'; readonly values: readonly number[] }[];
}

function rowsOf({ requestsPerSecond, instances, components }: CellSeries): SeriesRow[] {
  return [
    { name: 'requests per second', lines: [{ kind: 'load', values: requestsPerSecond }] },
    { name: 'instances', lines: [{ kind: 'in-service', values: instances }] },
    ...components.map(
      ({ component, inService, desired }): SeriesRow => ({
        name: `copies of ${component}`,
        lines: [
          { kind: 'in-service', values: inService },
          { kind: 'desired', values: desired },
        ],
      }),
    ),
  ];
}

function described(series: CellSeries): string {
  return rowsOf(series)
    .map(({ name, lines }) => {
      const [least, greatest] = extentOf(lines[0]!.values);
      return `${name} between ${rounded(least)} and ${rounded(greatest)}`;
    })
    .join('; ');
}

const ROW_PX = 62;
const GAP_PX = 30;
const LEFT_PX = 36;

function drawn(series: CellSeries, side: Side | undefined, tops: ReadonlyMap<string, number>, width: number): Drawing {
  const rows = rowsOf(series);
  const [left, right] = [LEFT_PX, width - 8];
  const span: Range = [series.atSeconds[0] ?? 0, series.atSeconds.at(-1) ?? 1];
  const x = timeScale(span, [left, right], 7);
  const bottom = rows.length * (ROW_PX + GAP_PX);

  return {
    height: bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale: x, format: x.format, label: x.unit, left, right, top: GAP_PX, bottom })}${rows.map(
      ({ name, lines }, i) => {
        const top = i * (ROW_PX + GAP_PX) + GAP_PX;
        const y = linearScale([0, tops.get(name)!], [top + ROW_PX, top], 2);
        return markup`${leftAxis({ scale: y, format: tickFormat(y.ticks), left, right, top })}<text class="label" x="${left}" y="${top - 7}">${name}</text>${lines.map(
          ({ kind, values }) => line(kind, series.atSeconds, values, side),
        )}`;

        function line(kind: string, xs: readonly number[], ys: readonly number[], of: Side | undefined): Markup {
          const path = (kind === 'load' ? areaPath : stepPath)(xs, ys, x, y, right - left);
          return markup`<path class="${kind} side${of?.index ?? 0}" d="${path}"/>`;
        }
      },
    )}`,
  };
}
