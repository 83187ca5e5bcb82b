/** From values to pixels. */
export interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** From the first to the second; pixels may run backwards. */
export type Range = readonly [from: number, to: number];

/** From the least to the greatest of the values that are finite; [0, 1] if there are none. */
export function extentOf(values: readonly number[]): Range {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? [0, 1] : [least(finite), greatest(finite)];
}

/** `Math.min` takes its values from the stack, which has no room for all the points of a series. */
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
const greatest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));

/** Wider by a share of its length on both sides. */
export function widened([low, high]: Range, share: number): Range {
  const margin = (high - low) * share;
  return [low - margin, high + margin];
}

/** With about `tickCount` ticks at multiples of 1, 2 or 5 times a power of ten. A domain of one value is made wider. */
export function linearScale(domain: Range, pixels: Range, tickCount: number): Scale {
  const [low, high] = domain[0] === domain[1] ? [domain[0] - 1, domain[0] + 1] : domain;
  return {
    ticks: linearTicks([low, high], tickCount),
    at: (value) => pixels[0] + ((value - low) / (high - low)) * (pixels[1] - pixels[0]),
  };
}

/** Of a positive domain. */
export function logScale([low, high]: Range, pixels: Range, tickCount: number): Scale {
  const linear = linearScale([Math.log(low), Math.log(high)], pixels, tickCount);
  return { ticks: logTicks([low, high], tickCount), at: (value) => linear.at(Math.log(value)) };
}

/** Values further apart than this do not fit on a linear scale. */
const LINEAR_RATIO = 6;

/** Logarithmic where the values are far apart, with a margin on both sides. */
export function scaleFor(values: readonly number[], pixels: Range, tickCount: number): Scale & { isLog: boolean } {
  const [low, high] = extentOf(values);
  if (low > 0 && high / low > LINEAR_RATIO) {
    const [from, to] = widened([Math.log(low), Math.log(high)], 0.05);
    return { ...logScale([Math.exp(from), Math.exp(to)], pixels, tickCount), isLog: true };
  }
  return { ...linearScale(widened([low, high], 0.06), pixels, tickCount), isLog: false };
}

function linearTicks([low, high]: Range, tickCount: number): number[] {
  const raw = (high - low) / tickCount;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((multiple) => multiple * power).find((candidate) => candidate >= raw * 0.75)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** As many multiples per power of ten as there is room for; a linear scale's where even one is too sparse. */
function logTicks(domain: Range, tickCount: number): number[] {
  const powers = linearTicks([Math.floor(Math.log10(domain[0])), Math.ceil(Math.log10(domain[1]))], 100)
    .filter(Number.isInteger)
    .map((exponent) => 10 ** exponent);
  const candidates = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map((multiples) =>
    powers
      .flatMap((power) => multiples.map((multiple) => multiple * power))
      .filter((tick) => tick >= domain[0] && tick <= domain[1]),
  );
  const fitting = candidates.find((ticks) => ticks.length <= tickCount + 2) ?? candidates.at(-1)!;
  return fitting.length < 2 ? linearTicks(domain, tickCount) : fitting;
}
