import { AwsError } from './http';
import { exception } from './rpc-service';
import type { ServiceName } from './service-name';

/** How a service says no to a call, whatever the call is. */
interface Refusals {
  readonly throttled: () => AwsError;
  readonly unavailable: () => AwsError;
}

/** What most services say. */
const COMMON: Refusals = {
  throttled: () => exception('ThrottlingException', 'Rate exceeded'),
  unavailable: () => exception('InternalFailure', 'The request processing has failed.', 500),
};

const OF_SERVICE: Partial<Record<ServiceName, Refusals>> = {
  BedrockRuntime: {
    throttled: () =>
      new AwsError(429, 'ThrottlingException', { message: 'Too many requests, please wait before trying again.' }),
    unavailable: () =>
      new AwsError(503, 'ServiceUnavailableException', { message: 'Bedrock is unable to process your request.' }),
  },
  DynamoDB: {
    throttled: () =>
      exception(
        'com.amazonaws.dynamodb.v20120810#ThrottlingException',
        'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.',
      ),
    unavailable: () => exception('com.amazonaws.dynamodb.v20120810#InternalServerError', 'Internal server error', 500),
  },
  Lambda: {
    throttled: () =>
      new AwsError(429, 'TooManyRequestsException', {
        Type: 'User',
        Reason: 'CallerRateLimitExceeded',
        message: 'Rate exceeded',
      }),
    unavailable: () =>
      new AwsError(500, 'ServiceException', {
        Type: 'Service',
        Message: 'An error occurred and the request cannot be processed.',
      }),
  },
  SageMakerRuntime: {
    throttled: () => new AwsError(400, 'ThrottlingException', { Message: 'Rate exceeded' }),
    unavailable: () => new AwsError(503, 'ServiceUnavailable', { Message: 'The service is currently unavailable.' }),
  },
};

/** @param call such as `DynamoDB.GetItem` */
export function refusalOf(call: string, outcome: keyof Refusals): AwsError {
  const service = Object.entries(OF_SERVICE).find(([name]) => call.startsWith(`${name}.`));
  return (service?.[1] ?? COMMON)[outcome]();
}
