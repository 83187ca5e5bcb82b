import type { Format } from '../format';
import { decimal } from '../format';
import { linearScale, type Range, type Scale } from './scale';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const UNITS = [
  { seconds: DAY, name: 'days' },
  { seconds: HOUR, name: 'hours' },
  { seconds: MINUTE, name: 'minutes' },
  { seconds: 1, name: 'seconds' },
] as const;

/** A scale of seconds whose ticks are whole days, hours or minutes, whichever the span has at least two of. */
export function timeScale(
  [from, to]: Range,
  pixels: Range,
  tickCount: number,
): Scale & { format: Format; unit: string } {
  const unit = UNITS.find(({ seconds }) => to - from >= 2 * seconds) ?? UNITS[3];
  const inUnits = linearScale([from / unit.seconds, to / unit.seconds], pixels, tickCount);
  return {
    ticks: inUnits.ticks.filter(Number.isInteger).map((tick) => tick * unit.seconds),
    at: (seconds) => inUnits.at(seconds / unit.seconds),
    format: (seconds) => decimal(seconds / unit.seconds, 0),
    unit: unit.name,
  };
}
