import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments of a command. @throws UsageError for an unknown option or a missing value. */
export function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError */
export function readNumber(option: string, value: string, isValid: (n: number) => boolean, rule: string): number {
  const number = Number(value);
  if (value.trim() === '' || !isValid(number)) throw new UsageError(`${option} must be ${rule}, got: ${value}`);
  return number;
}

/** @throws UsageError unless it is a whole number from 1 */
export function readCount(option: string, value: string): number {
  return readNumber(option, value, (n) => Number.isSafeInteger(n) && n >= 1, 'a whole number from 1');
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `24h`, `7d`. @throws UsageError */
export function readDurationMs(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new UsageError(`${option} must be a time such as 90m, 24h or 7d, got: ${text}`);
}
