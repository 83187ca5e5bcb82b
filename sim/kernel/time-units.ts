/** The nearest whole microsecond: a timeline knows no fractions. */
export function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6);
}

export const MINUTE_US = 60_000_000;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;
