import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { PROBLEM_MEDIA_TYPE, type ProblemType } from '../../core/api/problems';
import type { AgentHandler, Handler, StreamingHandler } from '../../lambda/orchestrator';
import { Problem } from '../../lambda/orchestrator/problem';
import type { HttpListener, HttpRequest, HttpResponse } from '../aws';
import { readBody } from '../aws/read-body';
import { lambdaContext } from '../lambda-context';
import { BUFFERED_TIMEOUT_MS, IntegrationTimeout, STREAM_TIMEOUT_MS, within } from './integration-timeout';
import { namelessProblem } from './nameless-problem';
import { toProxyEvent } from './proxy-event';
import { StreamedResponse } from './streamed-response';

/** Limits of a REST API (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
/** The most that Lambda takes as event (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** A function behind the gateway. */
export interface GatewayFunction extends Handler {
  /** Whether its answers pass through while it writes them. @default false */
  readonly isStreaming?: boolean;
}

/** Finds the function that a request is meant for. */
export type Route = (event: APIGatewayProxyEvent) => GatewayFunction;

export interface GatewayOptions {
  /** How many times as fast as real the time is that functions have left. @default 1 */
  readonly speed?: number;
}

/** The front door: makes the proxy event of each request, invokes the function and sends what it answers. */
export function gatewayListener(route: Route, { speed = 1 }: GatewayOptions = {}): HttpListener {
  return (request, response) => {
    void pass(route, speed, request, response);
  };
}

async function pass(route: Route, speed: number, request: HttpRequest, response: HttpResponse): Promise<void> {
  try {
    const body = await readBody(request, MAX_PAYLOAD_BYTES);
    const event = body && toProxyEvent(request, body);
    const isTooLarge = !event || Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES;
    if (isTooLarge) return sendOrFail(response, TOO_LARGE);
    const handler = route(event);
    if (isStreaming(handler)) await stream(handler, event, speed, response);
    else sendOrFail(response, await invoke(handler, event, speed));
  } catch {
    // The caller went away in the middle of its request.
    response.destroy();
  }
}

async function invoke(handler: Handler, event: APIGatewayProxyEvent, speed: number): Promise<APIGatewayProxyResult> {
  try {
    return await within(BUFFERED_TIMEOUT_MS, handler(event, contextOf(BUFFERED_TIMEOUT_MS, speed)));
  } catch (error) {
    return failureOf(error);
  }
}

async function stream(
  handler: StreamingHandler,
  event: APIGatewayProxyEvent,
  speed: number,
  response: HttpResponse,
): Promise<void> {
  const streamed = new StreamedResponse(response);
  try {
    const work = handler(event, streamed, contextOf(STREAM_TIMEOUT_MS, speed));
    await within(STREAM_TIMEOUT_MS, Promise.race([work, streamed.broken]));
    if (!streamed.writableFinished) throw new Error('the function ended before its answer');
  } catch (error) {
    // Has the function stop, if it goes on.
    streamed.destroy(error as Error);
    if (response.headersSent) response.destroy();
    else sendFailure(response, failureOf(error));
  }
}

function isStreaming(handler: GatewayFunction): handler is AgentHandler {
  return handler.isStreaming === true;
}

function contextOf(timeoutMs: number, speed: number): Context {
  return lambdaContext('orchestrator', timeoutMs * speed, () => performance.now() * speed);
}

function failureOf(error: unknown): APIGatewayProxyResult {
  return error instanceof IntegrationTimeout ? named('deadline-exceeded', error.message) : FUNCTION_FAILED;
}

function sendOrFail(response: HttpResponse, result: APIGatewayProxyResult): void {
  try {
    send(response, result);
  } catch {
    sendFailure(response, FUNCTION_FAILED);
  }
}

/** In place of an answer that was begun and not sent. */
function sendFailure(response: HttpResponse, failure: APIGatewayProxyResult): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  send(response, failure);
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

const TOO_LARGE = named('request-too-large', 'a request may have 10 MB, and 6 MB as the event of a function');
const FUNCTION_FAILED = refusal(
  502,
  namelessProblem(502, 'the function threw an error or answered what is no response'),
);

/** Errors of the gateway that the functions have a name for, as a deployed API answers them. */
function named(type: ProblemType, detail: string): APIGatewayProxyResult {
  const problem = new Problem(type, detail);
  return refusal(problem.status, JSON.stringify(problem));
}

/** An answer of the gateway itself, in the form that the functions behind it answer in. */
function refusal(statusCode: number, body: string): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': PROBLEM_MEDIA_TYPE }, body };
}
