import { markup } from '../../../core/report/markup';
import type { ExperimentResult, SensitivityRow } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis } from '../chart/axis';
import { key, legend } from '../chart/mark';
import { type Drawing, PANEL_WIDTH, picture } from '../chart/picture';
import { rowsFor } from '../chart/rows';
import { extentOf, linearScale, widened } from '../chart/scale';
import { signedPercent } from '../format';
import { checked, table } from '../table';
import { capitalized } from '../verdict';
import { absent, figure, numbers, panels, type Section } from './section';

const BAR_PX = 7;

export function sensitivitySection({ sensitivity = [], leftOut = [] }: ExperimentResult): Section {
  const [id, title] = ['sensitivity', 'Sensitivity'];
  const missing =
    leftOut.length === 0
      ? undefined
      : markup`<p>Left out:</p><ul>${leftOut.map((row) => markup`<li>${row}</li>`)}</ul>`;
  if (sensitivity.length === 0)
    return { id, title, body: missing ?? absent('Left out: this run varied no assumption.') };
  const endpoints = [...new Set(sensitivity.map(({ on }) => on))];
  const turning = sensitivity.filter(changesSign).length;

  return {
    id,
    title,
    body: [
      figure(
        `The primary endpoints when one assumption at a time takes a low or a high value; the assumptions that matter most are on top. ${
          turning === 0
            ? 'None of them turns a result around.'
            : `${turning} of ${sensitivity.length} turn a result around, and are marked with ✗.`
        }`,
        legend([
          [key(markup`<rect class="at-low" x="1" y="4" width="14" height="8"/>`), 'at the low value'],
          [key(markup`<rect class="at-high" x="1" y="4" width="14" height="8"/>`), 'at the high value'],
          [key(markup`<path class="base" d="M8 0V16"/>`), 'as assumed'],
        ]),
        panels(
          endpoints.map((endpoint, i) => {
            const rows = sensitivity.filter(({ on }) => on === endpoint).toSorted((a, b) => spread(b) - spread(a));
            return markup`<div><h3>${capitalized(endpoint)}</h3>${picture(
              {
                id: `sensitivity-${i + 1}`,
                title: `Sensitivity of ${endpoint}`,
                description: rows
                  .map(
                    (row) => `${nameOf(row)}: ${signedPercent(row.changeAtLow)} to ${signedPercent(row.changeAtHigh)}`,
                  )
                  .join('; '),
                draw: (width) => tornado(rows, width),
              },
              PANEL_WIDTH,
            )}${numbers(sensitivityTable(endpoint, rows))}</div>`;
          }),
        ),
      ),
      missing,
    ],
  };
}

const spread = ({ changeAtLow, changeAtBase, changeAtHigh }: SensitivityRow) => {
  const [low, high] = extentOf([changeAtLow, changeAtBase, changeAtHigh]);
  return high - low;
};

const changesSign = ({ changeAtLow, changeAtBase, changeAtHigh }: SensitivityRow) =>
  Math.sign(changeAtLow) !== Math.sign(changeAtBase) || Math.sign(changeAtHigh) !== Math.sign(changeAtBase);

const nameOf = ({ parameter, low, high }: SensitivityRow) => `${parameter}: ${low} to ${high}`;

function sensitivityTable(endpoint: string, rows: readonly SensitivityRow[]) {
  const at = (title: string, of: (row: SensitivityRow) => number) => ({
    title,
    isNumeric: true,
    cell: (row: SensitivityRow) => signedPercent(of(row)),
  });
  return table<SensitivityRow>(
    capitalized(endpoint),
    [
      { title: 'assumption', cell: nameOf },
      at('low', ({ changeAtLow }) => changeAtLow),
      at('as assumed', ({ changeAtBase }) => changeAtBase),
      at('high', ({ changeAtHigh }) => changeAtHigh),
      { title: 'sign', cell: (row) => checked(!changesSign(row), 'same', 'changes') },
    ],
    rows,
  );
}

function tornado(assumptions: readonly SensitivityRow[], width: number): Drawing {
  const rows = rowsFor(
    assumptions.map((row) => ({
      text: changesSign(row) ? `✗ ${nameOf(row)}` : nameOf(row),
      isStrong: changesSign(row),
    })),
    width,
    2 * BAR_PX,
  );
  const right = width - 12;
  const values = assumptions.flatMap(({ changeAtLow, changeAtBase, changeAtHigh }) => [
    changeAtLow,
    changeAtBase,
    changeAtHigh,
  ]);
  const scale = linearScale(widened(extentOf([...values, 0]), 0.04), [rows.left, right], 5);
  const bar = (kind: string, from: number, to: number, y: number) => {
    const [left, end] = [scale.at(from), scale.at(to)].toSorted((a, b) => a - b) as [number, number];
    return markup`<rect class="${kind}" x="${left}" y="${y}" width="${Math.max(1, end - left)}" height="${BAR_PX}"><title>${signedPercent(to)}</title></rect>`;
  };

  return {
    height: rows.bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale, format: (change) => signedPercent(change, 0), label: 'change', left: rows.left, right, top: rows.top, bottom: rows.bottom })}
<path class="zero" d="M${scale.at(0)} ${rows.top}V${rows.bottom}"/>${assumptions.map(
      ({ changeAtLow, changeAtBase, changeAtHigh }, row) => {
        const y = rows.middle(row);
        return markup`${rows.label(row)}${bar('at-low', changeAtBase, changeAtLow, y - BAR_PX)}${bar('at-high', changeAtBase, changeAtHigh, y)}<path class="base" d="M${scale.at(changeAtBase)} ${y - BAR_PX - 2}v${2 * BAR_PX + 4}"/>`;
      },
    )}`,
  };
}
