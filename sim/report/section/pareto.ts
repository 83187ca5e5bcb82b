import { breakable, type Markup, markup } from '../../../core/report/markup';
import type { CellSummary, ExperimentResult } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis, leftAxis } from '../chart/axis';
import { type Box, type PlacedLabel, placeLabels } from '../chart/label-placement';
import { key, mark, sideLegend, sidesOf } from '../chart/mark';
import { type Drawing, FULL_WIDTH, isRoomy, picture } from '../chart/picture';
import { type Scale, scaleFor } from '../chart/scale';
import { textWidth } from '../chart/text';
import { dollars, plain, seconds, tickFormat } from '../format';
import { paretoFront } from '../pareto-front';
import { figure, type Section } from './section';

export function paretoSection(result: ExperimentResult): Section {
  const { cells, objective } = result;
  const front = paretoFront(cells);
  const names = front.map(({ cell }) => cell).join(', ');
  const unreached = result.rows.filter(({ p95Ms }) => p95Ms === null).length;
  const sides = sidesOf(cells);

  const chart = picture(
    {
      id: 'pareto',
      title: 'Cost against P95',
      description: `Every seed of every cell as a dot and every cell as a larger mark, by cost and P95. On the front, from the cheapest to the fastest: ${names}. The objective is ${plain(objective.p95Ms / 1000)}\u00A0s.`,
      draw: (width) => drawn(result, front, width),
    },
    FULL_WIDTH,
  );
  return {
    id: 'pareto',
    title: 'Cost against P95',
    body: figure(
      markup`Lower left is better. Small marks are seeds, large ones means of cells. No cell is both cheaper and faster than one on the front: ${names}. No policy is faster than the lower bound, and none that has the capacity for every window costs less.${
        unreached > 0 ? ` ${unreached} runs without a P95 stand as crosses at the upper edge.` : undefined
      }`,
      sideLegend(sides, [
        [key(markup`<path class="front" d="M0 4H8V12H16"/>`), 'Pareto front'],
        [key(markup`<path class="objective" d="M0 8H16"/>`), 'objective'],
        [key(markup`<rect class="infeasible" width="16" height="16"/>`), 'beyond the lower bounds'],
      ]),
      chart,
      numberedCells(cells),
    ),
  };
}

/** Room for the words at the lower bounds, left of and below all else. */
const STRIP_PX = 14;

/** On a phone there is no room for names. */
function numberedCells(cells: readonly CellSummary[]): Markup {
  return markup`<ol class="phone cell-key">${cells.map(({ cell }) => markup`<li>${breakable(cell)}</li>`)}</ol>`;
}

function drawn(result: ExperimentResult, front: readonly CellSummary[], width: number): Drawing {
  const { cells, rows, objective, bounds } = result;
  const roomy = isRoomy(width);
  const height = roomy ? 540 : 400;
  const plot: Box = { left: roomy ? 58 : 44, top: 34, right: width - 12, bottom: height - BOTTOM_AXIS_PX };

  const reached = rows.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms / 1000]));
  const latencies = [...reached, objective.p95Ms / 1000, bounds.p95Ms / 1000];
  const costs = [...rows.map(({ costUsd }) => costUsd), bounds.startUpUsd];
  const x = scaleFor(costs, [plot.left + STRIP_PX, plot.right], roomy ? 8 : 4);
  const y = scaleFor(latencies, [plot.bottom - STRIP_PX, plot.top], 7);
  const sides = sidesOf(cells);

  const seeds = rows.map(({ cell, seed, costUsd, p95Ms }) =>
    p95Ms === null
      ? markup`<path class="unreached" d="M${x.at(costUsd) - 4} ${plot.top}l8 8m0 -8l-8 8"><title>${cell}, seed ${String(seed)}: no P95, ${dollars(costUsd)}</title></path>`
      : mark(
          sides.get(cell)!,
          x.at(costUsd),
          y.at(p95Ms / 1000),
          2.4,
          'dot',
          `${cell}, seed ${seed}: ${seconds(p95Ms)}, ${dollars(costUsd)}`,
        ),
  );
  const means = cells.flatMap((cell) =>
    cell.p95Ms === null
      ? []
      : [
          mark(
            sides.get(cell.cell)!,
            x.at(cell.costUsd.mean),
            y.at(cell.p95Ms.mean / 1000),
            6,
            'mean',
            `${cell.cell}: ${seconds(cell.p95Ms.mean)}, ${dollars(cell.costUsd.mean)}`,
          ),
        ],
  );

  return {
    height,
    body: markup`${infeasible(result, x, y, plot)}
${bottomAxis({ ...plot, scale: x, format: dollarTicks(x), label: `cost, US dollars${x.isLog ? ', logarithmic' : ''}` })}
${leftAxis({ ...plot, scale: y, format: tickFormat(y.ticks), label: `P95, seconds${y.isLog ? ', logarithmic' : ''}` })}
${frontLine(front, x, y, plot)}${objectiveLine(result, y, plot)}
<g>${seeds}</g><g>${means}</g>
${labels(result, front, x, y, plot, roomy)}`,
  };
}

function dollarTicks(scale: Scale) {
  const format = tickFormat(scale.ticks);
  return (usd: number) => `$${format(usd)}`;
}

/** Left of the bound of the cost and below that of the latency. */
function infeasible({ bounds }: ExperimentResult, x: Scale, y: Scale, plot: Box): Markup {
  const [least, fastest] = [x.at(bounds.startUpUsd), y.at(bounds.p95Ms / 1000)];
  return markup`<path class="infeasible" d="M${plot.left} ${plot.top}H${least}V${fastest}H${plot.right}V${plot.bottom}H${plot.left}z"/>
<path class="bound" d="M${least} ${plot.top}V${fastest}H${plot.right}"/>
<text class="tick halo" x="${plot.right - 4}" y="${fastest + 15}" text-anchor="end">lower bound ${seconds(bounds.p95Ms)}</text>
<text class="tick halo" transform="translate(${least - 6} ${plot.top + 6}) rotate(-90)" text-anchor="end">lower bound ${dollars(bounds.startUpUsd)}</text>`;
}

/** In steps: whatever is above and right of it is beaten by a cell on it. */
function frontLine(front: readonly CellSummary[], x: Scale, y: Scale, plot: Box): Markup {
  const steps = front.map(({ costUsd, p95Ms }) => markup`H${x.at(costUsd.mean)}V${y.at(p95Ms!.mean / 1000)}`);
  if (front.length === 0) return markup``;
  return markup`<path class="front" d="M${x.at(front[0]!.costUsd.mean)} ${plot.top}${steps}H${plot.right}"/>`;
}

function objectiveLine({ objective }: ExperimentResult, y: Scale, plot: Box): Markup {
  const level = y.at(objective.p95Ms / 1000);
  return markup`<path class="objective" d="M${plot.left} ${level}H${plot.right}"/><text class="label strong" x="${plot.right - 4}" y="${level - 6}" text-anchor="end">objective ${plain(objective.p95Ms / 1000)}\u00A0s</text>`;
}

/** Names if there is room, else numbers; those on the front first and strong. */
function labels(
  { cells, objective, bounds }: ExperimentResult,
  front: readonly CellSummary[],
  x: Scale,
  y: Scale,
  plot: Box,
  roomy: boolean,
): Markup {
  const onFront = new Set(front);
  const named = cells
    .map((cell, i) => ({ cell, text: roomy ? cell.cell : String(i + 1) }))
    .filter(({ cell }) => cell.p95Ms !== null)
    .map(({ cell, text }) => ({
      text,
      isOnFront: onFront.has(cell),
      point: { x: x.at(cell.costUsd.mean), y: y.at(cell.p95Ms!.mean / 1000) },
    }))
    .toSorted((a, b) => Number(b.isOnFront) - Number(a.isOnFront));
  const objectiveY = y.at(objective.p95Ms / 1000);
  const [boundX, fastestY] = [x.at(bounds.startUpUsd), y.at(bounds.p95Ms / 1000)];
  const taken: Box[] = [
    { left: plot.right - textWidth('objective 00 s'), right: plot.right, top: objectiveY - 19, bottom: objectiveY },
    { left: boundX - 18, right: boundX, top: plot.top, bottom: plot.top + textWidth('lower bound $0,000') },
    { left: plot.right - textWidth('lower bound 00.0 s'), right: plot.right, top: fastestY, bottom: fastestY + 18 },
    { left: plot.left, right: plot.right, top: objectiveY - 1, bottom: objectiveY + 1 },
    ...frontBoxes(front, x, y, plot),
  ];

  const strong = new Set(named.filter(({ isOnFront }) => isOnFront).map(({ text }) => text));
  return markup`<g>${placeLabels(named, plot, taken).map((label) => drawnLabel(label, strong.has(label.text)))}</g>`;
}

/** Thin boxes along the steps of the front. */
function frontBoxes(front: readonly CellSummary[], x: Scale, y: Scale, plot: Box): Box[] {
  return front.flatMap((cell, i) => {
    const [left, top] = [x.at(cell.costUsd.mean), y.at(cell.p95Ms!.mean / 1000)];
    const [before, after] = [front[i - 1], front[i + 1]];
    const from = before === undefined ? plot.top : y.at(before.p95Ms!.mean / 1000);
    const right = after === undefined ? plot.right : x.at(after.costUsd.mean);
    return [
      { left: left - 1, right: left + 1, top: from, bottom: top },
      { left, right, top: top - 1, bottom: top + 1 },
    ];
  });
}

function drawnLabel({ text, box, line }: PlacedLabel, isStrong: boolean): Markup {
  const leader = line && markup`<path class="leader" d="M${line.from.x} ${line.from.y}L${line.to.x} ${line.to.y}"/>`;
  return markup`${leader}<text class="${isStrong ? 'label halo strong' : 'label halo'}" x="${(box.left + box.right) / 2}" y="${box.bottom - 3.5}" text-anchor="middle">${text}</text>`;
}
