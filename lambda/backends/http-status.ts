import type { CallErrorKind } from '../../core/run/errors';

/** What an HTTP status means when the service says nothing more. */
export function statusKind(status: number): CallErrorKind {
  if (status === 429) return 'throttled';
  if (status === 408 || status === 425 || status >= 500) return 'retryable';
  return 'invalid';
}

/** A `Retry-After` header, which is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function parseRetryAfterMs(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
