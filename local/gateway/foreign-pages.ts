import { PROBLEM_MEDIA_TYPE } from '../../core/api/problems';
import { isThisMachine } from '../../lambda/orchestrator/mcp/origin';
import type { HttpListener, HttpRequest } from '../aws';
import { namelessProblem } from './nameless-problem';

/**
 * Keeps pages of other sites out, which the browser of whoever runs a local server would let send requests to it: by its address,
 * or by a name of theirs that leads to it (DNS rebinding).
 */
export function refusingForeignPages(listener: HttpListener): HttpListener {
  return (request, response) => {
    if (isOfThisMachine(request)) return listener(request, response);
    response.statusCode = 403;
    response.setHeader('content-type', PROBLEM_MEDIA_TYPE);
    response.end(REFUSAL);
  };
}

const REFUSAL = namelessProblem(403, 'pages and names of this machine only may call a server of this machine');

/** A caller that is no page sends no origin, and one of HTTP/1.0 need not say whom it calls; browsers always do. */
function isOfThisMachine({ headers }: HttpRequest): boolean {
  const { origin } = headers;
  const host = headers.host ?? headers[':authority'];
  if (origin !== undefined && !isThisMachine(origin)) return false;
  return host === undefined || (typeof host === 'string' && isThisMachine(`http://${host}`));
}
