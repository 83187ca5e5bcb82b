import type { APIGatewayProxyEvent } from 'aws-lambda';
import { PROBE_HEADER } from '../../core/api/headers';
import { headerChoice } from './header-choice';

/** Whether the caller says that the run is a health check; not if nothing is said. @throws Problem */
export function isProbe(event: APIGatewayProxyEvent): boolean {
  return headerChoice(event, PROBE_HEADER, ['true', 'false'], 'false') === 'true';
}
