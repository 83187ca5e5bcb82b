const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** For people: `0.4 ms`, `412 ms`, `3.24 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (Math.round(ms) < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${Number((ms / SECOND_MS).toPrecision(3))} s`;
  const seconds = Math.round(ms / SECOND_MS);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
}

/** With two significant digits at least: `$0.00042`, `$1.27`. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  const decimals = Math.max(2, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(Math.min(decimals, 8))}`;
}

/** `3 tries`, `1 try`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
