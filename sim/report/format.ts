import type { Estimate } from '../experiment/result';

const MINUS = '\u2212';
const NBSP = '\u00A0';

/** What stands where there is no number. */
export const NONE = '\u2013';

/** How the numbers of one column or axis are written. */
export type Format = (value: number) => string;

/** With groups of thousands: `-1234.5` is `−1,234.5`. A number that is not finite is a dash. */
export function decimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return NONE;
  const [whole, fraction] = Math.abs(value).toFixed(digits).split('.') as [string, string?];
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** Three significant digits, at most four decimals. */
export function rounded(value: number): string {
  return decimal(value, digitsFor([value]));
}

/** Three significant digits without zeros at the end, for what was set rather than measured. */
export function plain(value: number): string {
  const significant = Number(value.toFixed(digitsFor([value])));
  return decimal(significant, digitsNeeded([significant]));
}

/** Of the ticks of an axis: as many decimals as the finest needs. */
export function tickFormat(ticks: readonly number[]): Format {
  const digits = digitsNeeded(ticks);
  return (tick) => decimal(tick, digits);
}

const MAX_DIGITS = 4;

/** The fewest decimals that write all values as they are, or the most there may be. */
function digitsNeeded(values: readonly number[]): number {
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;
  const digits = [...Array(MAX_DIGITS).keys()].find((n) => values.every((value) => isWhole(value * 10 ** n)));
  return digits ?? MAX_DIGITS;
}

/** Decimals that show three significant digits of the middle one of the values. */
export function digitsFor(values: readonly number[]): number {
  const sizes = values.map(Math.abs).filter((size) => Number.isFinite(size) && size > 0);
  const middle = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)];
  return middle === undefined ? 0 : Math.min(MAX_DIGITS, Math.max(0, 2 - Math.floor(Math.log10(middle))));
}

/** One format for values that are compared with each other, so that their decimal points line up. */
export function formatFor(values: readonly number[]): Format {
  const digits = digitsFor(values);
  return (value) => decimal(value, digits);
}

export function seconds(ms: number): string {
  return Math.abs(ms) < 1000 ? `${decimal(ms, 0)}${NBSP}ms` : `${rounded(ms / 1000)}${NBSP}s`;
}

export function dollars(usd: number): string {
  const text = `$${decimal(Math.abs(usd), Math.abs(usd) >= 1000 ? 0 : Math.max(2, digitsFor([usd])))}`;
  return usd < 0 ? MINUS + text : text;
}

export function percent(share: number, digits = 1): string {
  return `${decimal(100 * share, digits)}${NBSP}%`;
}

/** With its sign: `+12.0 %`. */
export function signedPercent(change: number, digits = 1): string {
  return change > 0 ? `+${percent(change, digits)}` : percent(change, digits);
}

/** `54.1 % lower`. */
export function inWords(change: number): string {
  if (Math.abs(change) < 0.0005) return 'the same';
  return `${percent(Math.abs(change))} ${change < 0 ? 'lower' : 'higher'}`;
}

/** `49.2 % to 58.7 % lower`, `3.0 % lower to 4.1 % higher`; the smaller change first. */
export function intervalInWords({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  const [near, far] = Math.abs(low) < Math.abs(high) ? [low, high] : [high, low];
  if (near * far > 0) return `${percent(Math.abs(near))} to ${inWords(far)}`;
  return `${inWords(low)} to ${inWords(high)}`;
}

/** `5.91 – 6.30`; beside a sign a dash would be unclear: `−0.41 to 0.12`. */
export function interval({ low, high }: Estimate, format: Format): string {
  const first = format(low);
  const hasSign = first.startsWith(MINUS) || first.startsWith('+');
  return `${first}${NBSP}${hasSign ? 'to' : '\u2013'} ${format(high)}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half - 1)]! + sorted[Math.floor(half)]!) / 2;
}

/** `3 seeds`, `1 seed`. */
export function count(n: number, noun: string): string {
  return `${decimal(n, 0)} ${noun}${n === 1 ? '' : 's'}`;
}
