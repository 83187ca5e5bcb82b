/** The most that a column of tokens holds. */
export const MAX_TOKENS = 2 ** 32 - 1;

/** A drawn length as a count: a whole number from 1. */
export function tokenCount(drawn: number): number {
  return Math.max(1, Math.min(MAX_TOKENS, Math.round(drawn)));
}
