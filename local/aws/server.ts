import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { AnswerLostError } from './faults';
import { AwsError, type AwsResponse } from './http';
import { type HttpListener, type HttpRequest, type HttpResponse, HttpServer } from './http-server';
import type { LocalAws } from './local-aws';
import { readBody } from './read-body';
import { findRoute } from './routes';

/** Above every limit of the services, so that they refuse in their own words; more is not kept in memory. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * One HTTP endpoint for the services of a local stack: SageMaker and its runtime, Application Auto Scaling,
 * CloudWatch, Bedrock Runtime, Lambda, DynamoDB. Give its URL as `endpoint` to AWS SDK clients, or as `--endpoint-url` to the AWS CLI.
 *
 * Signatures are not verified: any credentials will do. Listen on loopback only.
 */
export function createAwsEndpoint(aws: LocalAws): HttpServer {
  return new HttpServer(awsListener(aws));
}

/** The same, to mount beside other paths. */
export function awsListener(aws: LocalAws): HttpListener {
  return (request, response) => {
    void respond(aws, request, response);
  };
}

async function respond(aws: LocalAws, request: HttpRequest, response: HttpResponse): Promise<void> {
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  try {
    const { status, headers, body } = await answer(aws, request, hangUp.signal);
    response.statusCode = status;
    response.setHeader('x-amzn-requestid', randomUUID());
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    if (typeof body === 'string') response.end(body);
    else await pipeline(body, response);
  } catch {
    // The client went away in the middle of its request, or is not to hear the answer.
    response.destroy();
  }
}

async function answer(aws: LocalAws, request: HttpRequest, signal: AbortSignal): Promise<AwsResponse> {
  const sent = await readBody(request, MAX_BODY_BYTES);
  try {
    if (!sent) throw tooLarge();
    const { method, url = '/', headers } = request;
    const body = /^gzip$/i.test(headers['content-encoding'] ?? '') ? unpacked(sent) : sent;
    const [path = '/'] = url.split('?');
    const route = findRoute(method, path);
    if (!route) {
      const message = `no operation of the local stack answers ${method} ${path}`;
      throw new AwsError(404, 'UnknownOperationException', { __type: 'UnknownOperationException', message });
    }
    return await route.operation(aws, { resource: route.resource, headers, body, signal });
  } catch (error) {
    if (error instanceof AnswerLostError) throw error;
    return errorResponse(error);
  }
}

/** SDKs pack what is large and may be packed (https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html). */
function unpacked(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new AwsError(400, 'SerializationException', { message: `no gzip: ${message}` });
  }
}

function tooLarge(): AwsError {
  return new AwsError(413, 'RequestEntityTooLargeException', { message: `more than ${MAX_BODY_BYTES} bytes` });
}

function errorResponse(error: unknown): AwsResponse {
  const { status, code, body, headers } =
    error instanceof AwsError ? error : new AwsError(500, 'InternalFailure', { message: String(error) });
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, ...headers },
    body: JSON.stringify(body),
  };
}
