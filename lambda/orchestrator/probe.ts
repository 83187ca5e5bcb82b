import type { APIGatewayProxyEvent } from 'aws-lambda';
import { PROBE_HEADER } from '../../core/api/headers';
import { header } from './http';
import { Problem } from './problem';

/** Whether the caller says that the run is a health check; not if nothing is said. @throws Problem */
export function isProbe(event: APIGatewayProxyEvent): boolean {
  const value = header(event, PROBE_HEADER) ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  const detail = `must be "true" or "false", or be left out, got: ${JSON.stringify(value.slice(0, 40))}`;
  throw new Problem('malformed-request', `the header ${PROBE_HEADER} ${detail}`, {
    errors: [{ field: PROBE_HEADER, detail }],
  });
}
