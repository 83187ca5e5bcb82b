import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CORS_VARIABLE, corsHeaders } from '../../core/api/cors';
import type { Answer } from './http';

/** The answer as pages of the origin that the deployment allows may read it. */
export function forPages({ stageVariables }: APIGatewayProxyEvent, answer: Answer): Answer {
  const origin = stageVariables?.[CORS_VARIABLE];
  return origin === undefined ? answer : { ...answer, headers: { ...answer.headers, ...corsHeaders(origin) } };
}
