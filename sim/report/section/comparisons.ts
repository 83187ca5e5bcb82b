import { markup } from '../../../core/report/markup';
import type { Comparison, Estimate, ExperimentResult } from '../../experiment/result';
import { BOTTOM_AXIS_PX, bottomAxis } from '../chart/axis';
import { type Drawing, FULL_WIDTH, isRoomy, picture } from '../chart/picture';
import { rowsFor } from '../chart/rows';
import { extentOf, linearScale, widened } from '../chart/scale';
import { medianSeed, notesOf } from '../comparison-words';
import { decimal, inWords, NONE, signedPercent } from '../format';
import { estimated, named, table } from '../table';
import { absent, figure, type Section } from './section';

export function comparisonsSection({ comparisons }: ExperimentResult): Section {
  const title = 'Comparisons, seed by seed';
  if (comparisons.length === 0) return { id: 'comparisons', title, body: absent('This run compares no cells.') };
  const primaryFirst = comparisons.toSorted((a, b) => Number(b.isPrimary) - Number(a.isPrimary));
  const percents = (change: number) => signedPercent(change);

  return {
    id: 'comparisons',
    title,
    body: [
      figure(
        'Change of one cell against another; every dot is a seed, the bar the 95\u00A0% interval of the mean, or of the median where a seed has no P95. Left of the line the first cell is better. Primary endpoints, fixed before the run, come first; the p-values of the others are after Holm’s correction.',
        picture(
          {
            id: 'comparisons',
            title: 'Comparisons',
            description: primaryFirst
              .map(
                ({ name, of, against, change }) =>
                  `${name}, ${of} against ${against}: ${change === null ? 'no number' : inWords(change.mean)}`,
              )
              .join('; '),
            draw: (width) => drawn(primaryFirst, width),
          },
          FULL_WIDTH,
        ),
      ),
      table<Comparison>(
        'Comparisons, paired by seed',
        [
          {
            title: 'comparison',
            cell: ({ name, isPrimary }) => named(name, isPrimary ? 'primary endpoint' : 'secondary'),
          },
          { title: 'cells', cell: ({ of, against }) => named(of, `against ${against}`) },
          { title: 'change', isNumeric: true, cell: ({ change }) => estimated(change, percents) },
          {
            title: 'median seed',
            isNumeric: true,
            cell: (comparison) => {
              const middle = medianSeed(comparison);
              return middle === null ? NONE : percents(middle);
            },
          },
          { title: 'p', isNumeric: true, cell: ({ pValue }) => probability(pValue) },
          {
            title: 'by what means',
            cell: (comparison) =>
              markup`<span class="prose">${[comparison.mechanism, ...notesOf(comparison)].join('; ')}</span>`,
          },
        ],
        primaryFirst,
      ),
    ],
  };
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : decimal(p, 3);
}

const DOT_PX = 6;
const BAND_PX = 34;
/** Dots stand above the middle of their row, the interval below. */
const DOTS_UP_PX = 5;
const INTERVAL_DOWN_PX = 12;

function drawn(comparisons: readonly Comparison[], width: number): Drawing {
  const rows = rowsFor(
    comparisons.map(({ name, of, against, isPrimary }) => ({
      text: isPrimary ? `${name} (primary)` : name,
      details: [of, `against ${against}`],
      isStrong: isPrimary,
    })),
    width,
    BAND_PX,
  );
  const right = width - (isRoomy(width) ? 70 : 14);
  const values = comparisons.flatMap(({ change, bySeed }) => [
    ...(change === null ? [] : [change.low, change.high, change.mean]),
    ...finite(bySeed),
  ]);
  const scale = linearScale(widened(extentOf([...values, 0]), 0.04), [rows.left, right], isRoomy(width) ? 8 : 5);
  const step = Math.abs((scale.ticks[1] ?? 1) - (scale.ticks[0] ?? 0));
  const format = (change: number) => signedPercent(change, step < 0.01 ? 1 : 0);

  const estimate = ({ mean, low, high }: Estimate, y: number) =>
    markup`<path class="whisker" d="M${scale.at(low)} ${y - 4}v8M${scale.at(low)} ${y}H${scale.at(high)}m0 -4v8"/><path class="estimate" d="M${scale.at(mean)} ${y - 5}l5 5l-5 5l-5 -5z"><title>${signedPercent(mean)}</title></path>`;

  return {
    height: rows.bottom + BOTTOM_AXIS_PX,
    body: markup`${bottomAxis({ scale, format, label: 'change', left: rows.left, right, top: rows.top, bottom: rows.bottom })}
<path class="zero" d="M${scale.at(0)} ${rows.top}V${rows.bottom}"/>${comparisons.map(({ change, bySeed }, row) => {
      const y = rows.middle(row);
      const below = y + INTERVAL_DOWN_PX;
      const seeds = finite(bySeed);
      const offsets = swarm(seeds.map((value) => scale.at(value)));
      const dots = seeds.map(
        (value, i) =>
          markup`<circle class="seed" cx="${scale.at(value)}" cy="${y - DOTS_UP_PX + offsets[i]!}" r="2.6"><title>one seed: ${signedPercent(value)}</title></circle>`,
      );
      const value = isRoomy(width)
        ? markup`<text class="label strong" x="${width - 4}" y="${y + 4.5}" text-anchor="end">${change === null ? NONE : signedPercent(change.mean)}</text>`
        : undefined;
      return markup`${rows.label(row)}${dots}${change === null ? undefined : estimate(change, below)}${value}`;
    })}`,
  };
}

/** A seed in which the first cell has no P95 is told in the table. */
const finite = (bySeed: readonly (number | null)[]) => bySeed.filter((value) => value !== null);

/** Heights at which dots that would cover each other stand above and below the line. */
function swarm(pixels: readonly number[]): number[] {
  const placed: { x: number; y: number }[] = [];
  const heights = [0, -1, 1, -2, 2].map((step) => step * (DOT_PX - 1));
  return pixels.map((x) => {
    const isFree = (y: number) => placed.every((other) => Math.hypot(other.x - x, other.y - y) >= DOT_PX - 1);
    const y = heights.find(isFree) ?? heights[placed.length % heights.length]!;
    placed.push({ x, y });
    return y;
  });
}
