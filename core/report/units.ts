import { MINUTE_MS } from '../time-units';

const SECOND_MS = 1_000;

/** For people: `0.4 ms`, `412 ms`, `3.24 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (Math.round(ms) < SECOND_MS) return `${Math.round(ms)} ms`;
  const precise = Number((ms / SECOND_MS).toPrecision(3));
  if (precise < MINUTE_MS / SECOND_MS) return `${precise} s`;
  const seconds = Math.round(ms / SECOND_MS);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
}

const MAX_DECIMALS = 8;
const LEAST_USD = 10 ** -MAX_DECIMALS;

/** With two significant digits at least, as far as eight decimals hold them: `$0.00042`, `$1.27`, `under $0.00000001`. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < LEAST_USD) return `under $${LEAST_USD.toFixed(MAX_DECIMALS)}`;
  const decimals = Math.max(2, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(Math.min(decimals, MAX_DECIMALS))}`;
}

/** `copy time 3.24 s`. */
export function copyTime(copySeconds: number): string {
  return `copy time ${duration(copySeconds * SECOND_MS)}`;
}

/** `3 tries`, `1 try`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
