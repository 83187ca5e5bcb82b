import { isThisMachine } from '../../lambda/orchestrator/mcp/origin';
import type { HttpListener, HttpRequest } from '../aws';

const REFUSAL = JSON.stringify({
  type: 'about:blank',
  title: 'The page is of another site',
  status: 403,
  detail: 'pages and names of this machine only may call a server of this machine',
});

/**
 * Keeps pages of other sites out, which the browser of whoever runs a local server would let send requests to it: by its address,
 * or by a name of theirs that leads to it (DNS rebinding).
 */
export function refusingForeignPages(listener: HttpListener): HttpListener {
  return (request, response) => {
    if (isOfThisMachine(request)) return listener(request, response);
    response.statusCode = 403;
    response.setHeader('content-type', 'application/problem+json');
    response.end(REFUSAL);
  };
}

/** A caller that is no page sends no origin. */
function isOfThisMachine({ headers }: HttpRequest): boolean {
  const { origin } = headers;
  const host = headers.host ?? headers[':authority'];
  if (origin !== undefined && !isThisMachine(origin)) return false;
  return typeof host === 'string' && isThisMachine(`http://${host}`);
}
