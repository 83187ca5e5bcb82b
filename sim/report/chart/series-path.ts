import { type Markup, markup } from '../../../core/report/markup';
import { keptIndices } from './downsample';
import type { Scale } from './scale';

/** About one point every two pixels: more cannot be told apart. */
const PX_PER_POINT = 2;

/** A value that holds until the next one, such as a number of copies. */
export function stepPath(xs: readonly number[], ys: readonly number[], x: Scale, y: Scale, widthPx: number): Markup {
  const kept = keptIndices(ys, widthPx / PX_PER_POINT);
  const steps = kept
    .slice(1)
    .map((i, n) => (ys[i] === ys[kept[n]!] ? undefined : markup`H${x.at(xs[i]!)}V${y.at(ys[i]!)}`));
  if (kept.length === 0) return markup``;
  return markup`M${x.at(xs[0]!)} ${y.at(ys[0]!)}${steps}H${x.at(xs.at(-1)!)}`;
}

/** A line through the values and down to the ground, to be filled. */
export function areaPath(xs: readonly number[], ys: readonly number[], x: Scale, y: Scale, widthPx: number): Markup {
  const kept = keptIndices(ys, widthPx / PX_PER_POINT);
  if (kept.length === 0) return markup``;
  return markup`M${x.at(xs[0]!)} ${y.at(0)}${kept.map((i) => markup`L${x.at(xs[i]!)} ${y.at(ys[i]!)}`)}L${x.at(xs.at(-1)!)} ${y.at(0)}z`;
}
