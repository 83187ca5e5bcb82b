import { type Markup, markup } from '../../../core/report/markup';
import type { Format } from '../format';
import type { Scale } from './scale';

interface BottomAxis {
  readonly scale: Scale;
  readonly format: Format;
  readonly label: string;
  /** Of the plot, in pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface LeftAxis extends Omit<BottomAxis, 'bottom' | 'top' | 'label'> {
  /** Above the axis; none where a title says it. */
  readonly label?: string;
  readonly top: number;
}

/** Pixels that a bottom axis takes below the plot. */
export const BOTTOM_AXIS_PX = 42;

/** Ticks with numbers, lines through the plot, and the label in the middle below. */
export function bottomAxis({ scale, format, label, left, right, top, bottom }: BottomAxis): Markup {
  return markup`<g>${scale.ticks.map((tick) => {
    const x = scale.at(tick);
    return markup`<path class="grid" d="M${x} ${top}V${bottom}"/><text class="tick" x="${x}" y="${bottom + 16}" text-anchor="middle">${format(tick)}</text>`;
  })}<path class="axis" d="M${left} ${bottom}H${right}"/><text class="tick" x="${(left + right) / 2}" y="${bottom + 35}" text-anchor="middle">${label}</text></g>`;
}

export function leftAxis({ scale, format, label, left, right, top }: LeftAxis): Markup {
  return markup`<g>${scale.ticks.map((tick) => {
    const y = scale.at(tick);
    return markup`<path class="grid" d="M${left} ${y}H${right}"/><text class="tick" x="${left - 7}" y="${y + 4}" text-anchor="end">${format(tick)}</text>`;
  })}${label === undefined ? undefined : markup`<text class="tick" x="4" y="${top - 12}">${label}</text>`}</g>`;
}
