import type { CallErrorKind, ServiceFault } from '../../core/run/errors';
import { errorLike } from './error-like';

/** Codes of Node.js and undici for connections that could not be made or that broke. */
const PASSING = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'HTTPParserError',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/**
 * How the codes of Node.js for bytes that are no HTTP begin. They may be the rest of the answer before, which was longer than
 * it said, on a kept connection: a fault of the connection, and not of the call that meets it.
 */
const NO_HTTP = 'HPE_';

/** The timeouts of the SDK; those of `fetch`, which waits 300 s for the headers and 300 s between two parts of the body. */
const NO_ANSWER_IN_TIME = new Set(['TimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What an error without an answer means. A name that does not resolve or a certificate that is refused stays so. */
export function networkErrorKind({ code }: ServiceFault): CallErrorKind {
  if (PASSING.has(code) || code.startsWith(NO_HTTP)) return 'retryable';
  return NO_ANSWER_IN_TIME.has(code) ? 'timed-out' : 'failed';
}

/**
 * The code of a network error, else the name of what is behind it.
 *
 * `fetch` keeps the code in the cause. The SDK names broken connections `TimeoutError`, so names count only without one.
 */
export function networkFault(thrown: unknown): ServiceFault {
  let innermost = errorLike(thrown);
  for (let link = thrown; link !== undefined; link = innermost.cause) {
    innermost = errorLike(link);
    const { code, message = '' } = innermost;
    if (typeof code === 'string') return { code, message };
  }
  const { name = 'Error', message = '' } = innermost;
  return { code: name, message };
}
