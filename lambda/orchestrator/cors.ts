import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { CORS_VARIABLE, corsHeaders } from '../../core/api/cors';

/** The answer as pages of the origin that the deployment allows may read it. */
export function forPages(
  { stageVariables }: APIGatewayProxyEvent,
  result: APIGatewayProxyResult,
): APIGatewayProxyResult {
  const origin = stageVariables?.[CORS_VARIABLE];
  return origin === undefined ? result : { ...result, headers: { ...result.headers, ...corsHeaders(origin) } };
}
