import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CORS_VARIABLE, corsHeaders } from '../../../core/api/cors';
import { header } from '../http';

/**
 * Whether the page that sends a request may: the web site that the deployment allows, or on a server of this machine a page of
 * this machine. Other pages would reach such a server by a name of theirs that leads to it (DNS rebinding). Callers that are no
 * pages send no origin.
 */
export function isAllowedOrigin(event: APIGatewayProxyEvent): boolean {
  const origin = header(event, 'origin');
  if (origin === undefined) return true;
  const allowed = event.stageVariables?.[CORS_VARIABLE];
  if (allowed !== undefined) {
    const pages = corsHeaders(allowed)['access-control-allow-origin'];
    return pages === '*' || pages === origin;
  }
  return isThisMachine(origin) && isThisMachine(`http://${header(event, 'host') ?? ''}`);
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isThisMachine(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
}
