import { STATUS_CODES } from 'node:http';

/** The body of a problem that its status tells all about: its title is the phrase of that (RFC 9457, 4.2.1). */
export function namelessProblem(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
}
