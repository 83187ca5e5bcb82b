import { RESPONSE_HEADERS } from './headers';

/** Stage variable by which API Gateway tells a function whose pages may read its answers. */
export const CORS_VARIABLE = 'corsOrigin';

/** Stage variables cannot hold `*` (https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html). */
const ANY_ORIGIN = 'any';

export function toCorsVariable(origin: string): string {
  return origin === '*' ? ANY_ORIGIN : origin;
}

/** What clients of OpenAI read of an answer, beside those. */
const OPENAI_HEADERS = ['x-request-id', 'x-should-retry'];

/** The headers with which a browser lets pages of that origin read an answer. */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin === ANY_ORIGIN ? '*' : origin,
    'access-control-expose-headers': [...Object.keys(RESPONSE_HEADERS), ...OPENAI_HEADERS].join(','),
  };
}
