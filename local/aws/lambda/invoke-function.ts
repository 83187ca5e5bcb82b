import { ACCOUNT, AwsError, type AwsResponse, headerOf, type Operation, REGION } from '../http';
import { InvalidInputError, readJson } from '../read-json';
import { MAX_PAYLOAD_BYTES } from './function-runs';

/** Of an event that nobody waits for the answer to. */
const MAX_EVENT_BYTES = 1024 * 1024;

export const invokeFunction: Operation = async ({ world, invocations }, request): Promise<AwsResponse> => {
  const target = world.function(request.resource);
  if (!target) {
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${request.resource}`;
    throw new AwsError(404, 'ResourceNotFoundException', { Type: 'User', Message: `Function not found: ${arn}` });
  }
  const invocationType = headerOf(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  requireSize(request.body, invocationType === 'Event' ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES);
  const event = readEvent(request.body);

  switch (invocationType) {
    case 'DryRun':
      return { status: 204, body: '' };
    case 'Event':
      invocations.add(target, event);
      return { status: 202, body: '' };
    case 'RequestResponse': {
      const result = await invocations.invoke(target, event);
      if (!result) throw THROTTLED();
      return response(result.body, result.error !== undefined ? { 'x-amz-function-error': 'Unhandled' } : {});
    }
    default:
      throw new AwsError(400, 'InvalidParameterValueException', {
        Type: 'User',
        message: `Unsupported invocation type: ${invocationType}`,
      });
  }
};

const THROTTLED = () =>
  new AwsError(429, 'TooManyRequestsException', {
    Type: 'User',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    message: 'Rate Exceeded.',
  });

function requireSize(body: Buffer, maxBytes: number): void {
  if (body.length <= maxBytes) return;
  throw new AwsError(413, 'RequestTooLargeException', {
    Type: 'User',
    message: `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
  });
}

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

function response(body: string, headers: Readonly<Record<string, string>>): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', ...headers },
    body,
  };
}
