import type { LocalFunction } from '../world/component';
import { ACCOUNT, AwsError, type AwsResponse, headerOf, type Operation, REGION } from './http';
import { InvalidInputError, readJson } from './read-json';

/** Of a synchronous request and of its response (Lambda quotas, AWS Lambda Developer Guide). */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export const invokeFunction: Operation = async ({ world }, request): Promise<AwsResponse> => {
  const target = world.function(request.resource);
  if (!target) {
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${request.resource}`;
    throw new AwsError(404, 'ResourceNotFoundException', { Type: 'User', Message: `Function not found: ${arn}` });
  }
  if (request.body.length > MAX_PAYLOAD_BYTES) {
    throw new AwsError(413, 'RequestTooLargeException', {
      Type: 'User',
      message: `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
    });
  }
  const event = readEvent(request.body);

  const invocationType = headerOf(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  switch (invocationType) {
    case 'DryRun':
      return { status: 204, body: '' };
    case 'Event':
      // Lambda tries a failed event twice more; locally a failure would only repeat itself.
      void run(target, event);
      return { status: 202, body: '' };
    case 'RequestResponse':
      return run(target, event);
    default:
      throw new AwsError(400, 'InvalidParameterValueException', {
        Type: 'User',
        message: `Unsupported invocation type: ${invocationType}`,
      });
  }
};

/** The event of an invocation; a request without a payload is an empty one. */
function readEvent(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : readJson(body);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new AwsError(400, 'InvalidRequestContentException', {
      Type: 'User',
      message: `Could not parse request body into json: ${error.message}`,
    });
  }
}

/** Runs to its end whether or not the client still listens, as Lambda does. */
async function run({ handler }: LocalFunction, event: unknown): Promise<AwsResponse> {
  try {
    const body = JSON.stringify((await handler(event)) ?? null);
    if (Buffer.byteLength(body) <= MAX_PAYLOAD_BYTES) return response(body);
    return functionError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
    );
  } catch (error) {
    return error instanceof Error ? functionError(error.name, error.message) : functionError('Error', String(error));
  }
}

function functionError(errorType: string, errorMessage: string): AwsResponse {
  const body = JSON.stringify({ errorType, errorMessage, trace: [] });
  return response(body, { 'x-amz-function-error': 'Unhandled' });
}

function response(body: string, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', ...headers },
    body,
  };
}
