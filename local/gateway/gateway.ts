import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Handler } from '../../lambda/orchestrator';
import type { HttpListener, HttpRequest, HttpResponse } from '../aws';
import { readBody } from '../aws/read-body';
import { lambdaContext } from '../lambda-context';
import { toProxyEvent } from './proxy-event';

/** Limits of a REST API (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 29_000;
/** The most that Lambda takes as event (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** Finds the function that a request is meant for. */
export type Route = (event: APIGatewayProxyEvent) => Handler;

/** The front door: makes the proxy event of each request, invokes the function and sends what it answers. */
export function gatewayListener(route: Route): HttpListener {
  return (request, response) => {
    void pass(route, request, response);
  };
}

async function pass(route: Route, request: HttpRequest, response: HttpResponse): Promise<void> {
  try {
    const body = await readBody(request, MAX_PAYLOAD_BYTES);
    const event = body && toProxyEvent(request, body);
    const isTooLarge = !event || Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES;
    sendOrFail(response, isTooLarge ? TOO_LARGE : await invoke(route(event), event));
  } catch {
    // The caller went away in the middle of its request.
    response.destroy();
  }
}

async function invoke(handler: Handler, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<APIGatewayProxyResult>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), INTEGRATION_TIMEOUT_MS);
  });
  try {
    return await Promise.race([handler(event, lambdaContext('orchestrator', INTEGRATION_TIMEOUT_MS)), timeout]);
  } catch {
    return FUNCTION_FAILED;
  } finally {
    clearTimeout(timer);
  }
}

function sendOrFail(response: HttpResponse, result: APIGatewayProxyResult): void {
  try {
    send(response, result);
  } catch {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    send(response, FUNCTION_FAILED);
  }
}

/** Throws if the result is none, or HTTP cannot carry it, or the caller went away. */
function send(response: HttpResponse, result: APIGatewayProxyResult): void {
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result;
  for (const [name, value] of Object.entries({ ...headers, ...multiValueHeaders })) {
    response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value));
  }
  response.statusCode = statusCode;
  response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}

const TOO_LARGE = refusal(
  413,
  'The request is too large',
  'a request may have 10 MB, and 6 MB as the event of a function',
);
const FUNCTION_FAILED = refusal(
  502,
  'The function failed',
  'the function threw an error or answered what is no response',
);
const TIMED_OUT = refusal(504, 'The function timed out', `no answer within ${INTEGRATION_TIMEOUT_MS} ms`);

/** An answer of the gateway itself, in the form that the functions behind it answer in. */
function refusal(status: number, title: string, detail: string): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}
