import type { CallRecord } from '../run/record';

/** Which of very many calls are kept: failures first, then the longest. */
export function callWeight({ error, startMs, endMs }: CallRecord): number {
  return (error ? Number.MAX_SAFE_INTEGER / 2 : 0) + endMs - startMs;
}
