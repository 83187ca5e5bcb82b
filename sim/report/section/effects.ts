import { markup } from '../../../core/report/markup';
import type { CellSummary, Effect, ExperimentResult } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis } from '../chart/axis';
import { type Drawing, PANEL_WIDTH, picture } from '../chart/picture';
import { rowsFor } from '../chart/rows';
import { extentOf, linearScale, widened } from '../chart/scale';
import { formatFor, tickFormat } from '../format';
import { estimated, table } from '../table';
import { absent, figure, numbers, panels, type Section } from './section';

const ENDPOINTS = [
  { on: 'p95Ms', id: 'effects-p95', title: 'Effect on the P95', unit: 'seconds', scale: 1 / 1000 },
  { on: 'costUsd', id: 'effects-cost', title: 'Effect on the cost', unit: 'US dollars', scale: 1 },
] as const;

export function effectsSection({ effects, cells }: ExperimentResult): Section {
  const isFactorial = cells.some(({ levels }) => Object.keys(levels).length > 1);
  const unreached = cells.filter(({ levels, p95Ms }) => Object.keys(levels).length > 1 && p95Ms === null);
  const missing =
    unreached.length === 0
      ? undefined
      : absent(
          `Effects on the P95 are left out where they would include a cell without one, because too many requests failed in some seed: ${unreached.map(({ cell }) => cell).join(', ')}.`,
        );
  const charts = ENDPOINTS.flatMap((endpoint) => {
    const own = effects
      .filter(({ on }) => on === endpoint.on)
      .map((effect) => ({ ...scaled(effect, endpoint.scale), factor: nameOf(effect.factor, cells) }));
    return own.length === 0 ? [] : [{ ...endpoint, own, format: formatFor(own.map(({ estimate }) => estimate.mean)) }];
  });
  if (charts.length === 0) {
    return {
      id: 'effects',
      title: 'Effects of the factors',
      body:
        isFactorial && missing ? missing : absent('This run is not factorial, so no factor has an effect of its own.'),
    };
  }
  return {
    id: 'effects',
    title: 'Effects of the factors',
    body: [
      figure(
        'Change from the first level of a factor to the second, paired by seed, with 95\u00A0% intervals; left of the line is better. A filled mark: the interval excludes no effect. Two factors joined by a × are their interaction. Pre-warming and targets are levers of what scales: their effects are among the modular cells, for on static ones they do nothing.',
        panels(
          charts.map(
            ({ id, title, unit, own, format }) =>
              markup`<div><h3>${title}</h3>${picture(
                {
                  id,
                  title,
                  description: own
                    .map(({ factor, estimate }) => `${factor}: ${format(estimate.mean)} ${unit}`)
                    .join('; '),
                  draw: (width) => forest(own, unit, width),
                },
                PANEL_WIDTH,
              )}${numbers(
                table<Effect>(
                  `${title}, ${unit}`,
                  [
                    { title: 'factor', cell: ({ factor }) => factor },
                    { title: unit, isNumeric: true, cell: ({ estimate }) => estimated(estimate, format) },
                  ],
                  own,
                ),
              )}</div>`,
          ),
        ),
      ),
      missing,
    ],
  };
}

function scaled(effect: Effect, factor: number): Effect {
  const { mean, low, high } = effect.estimate;
  return { ...effect, estimate: { mean: mean * factor, low: low * factor, high: high * factor } };
}

/** `graph: sequential → parallel`, with the levels in the order in which the cells have them; `graph × prewarming`. */
function nameOf(factor: string, cells: readonly CellSummary[]): string {
  const [first, second] = new Set(cells.flatMap(({ levels }) => levels[factor] ?? []));
  return second === undefined ? factor.replaceAll(' x ', ' × ') : `${factor}: ${first} → ${second}`;
}

function forest(effects: readonly Effect[], unit: string, width: number): Drawing {
  const rows = rowsFor(
    effects.map(({ factor }) => ({ text: factor })),
    width,
    14,
  );
  const right = width - 12;
  const values = effects.flatMap(({ estimate }) => [estimate.low, estimate.high, estimate.mean]);
  const scale = linearScale(widened(extentOf([...values, 0]), 0.05), [rows.left, right], 5);
  const format = tickFormat(scale.ticks);

  return {
    height: rows.bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale, format, label: unit, left: rows.left, right, top: rows.top, bottom: rows.bottom })}
<path class="zero" d="M${scale.at(0)} ${rows.top}V${rows.bottom}"/>${effects.map(({ factor, estimate }, row) => {
      const y = rows.middle(row);
      const isClear = estimate.low > 0 || estimate.high < 0;
      return markup`${rows.label(row)}<g><title>${factor}: ${format(estimate.mean)} (${format(estimate.low)} to ${format(estimate.high)}) ${unit}</title>
<path class="whisker" d="M${scale.at(estimate.low)} ${y - 4}v8M${scale.at(estimate.low)} ${y}H${scale.at(estimate.high)}m0 -4v8"/><circle class="${isClear ? 'estimate' : 'estimate hollow'}" cx="${scale.at(estimate.mean)}" cy="${y}" r="5"/></g>`;
    })}`,
  };
}
