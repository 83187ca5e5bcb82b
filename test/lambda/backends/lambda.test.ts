import { z } from 'zod';
import { tool } from '../../../core/graph/component';
import type { CallRate } from '../../../core/run';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf } from './call';
import { answer, awsError, breakOff, closed, Service, useAws } from './service';

const search = tool('search', { input: z.object({ query: z.string() }), output: z.array(z.string()) });
const call = callerFor({ search: { type: 'lambda', functionName: 'search:live', price: { perCallUsd: 0.001 } } });
const query = { query: 'gpu' };

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_LAMBDA');
});

afterAll(() => service.stop());

test('a tool gets its input as the event, and its answer is what the function returns', async () => {
  service.replies(answer(200, ['a passage']));
  const rates: CallRate[] = [];
  const metered = callOf(search, query, { meter: (rate) => rates.push(rate) });
  await expect(call(metered)).resolves.toEqual({ output: ['a passage'], costUsd: 0 });
  expect(rates).toEqual([{ perCallUsd: 0.001 }]);
  expect(service.received[0]).toMatchObject({
    path: '/2015-03-31/functions/search%3Alive/invocations',
    body: '{"query":"gpu"}',
  });
});

test('an input that JSON cannot hold never leaves', async () => {
  service.replies(answer(200, []));
  await expect(errorOf(call(callOf(search, undefined)))).resolves.toMatchObject({
    kind: 'invalid',
    message: 'component "search" cannot encode its input as json: expected a value that JSON can hold',
  });
  expect(service.received).toHaveLength(0);
});

test('a function that throws fails with its error, less the stack trace', async () => {
  const error = { errorType: 'TypeError', errorMessage: 'no index', trace: ['at search.ts:1'] };
  service.replies(answer(200, error, { 'x-amz-function-error': 'Unhandled' }));
  await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({
    kind: 'failed',
    message: 'component "search" failed in its function: TypeError',
    cause: { code: 'TypeError', message: 'no index', requestId: 'request-1', httpStatus: 200 },
  });
});

test('of an error type that is a sentence nothing is told', async () => {
  service.replies(answer(200, { errorType: 'no index for Ada' }, { 'x-amz-function-error': 'Unhandled' }));
  await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({
    message: 'component "search" failed in its function: unknown',
    cause: { code: 'unknown' },
  });
});

test.each([
  ['without an error of its own', 'null', 'failed'],
  [
    'because it is out of time',
    { errorMessage: '2026-11-01T00:00:00Z 1 Task timed out after 3.00 seconds' },
    'timed-out',
  ],
])('a function that ends %s tells so', async (_, payload, kind) => {
  service.replies(answer(200, payload, { 'x-amz-function-error': 'Unhandled' }));
  await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({ kind, cause: { code: 'Unhandled' } });
});

const PENDING =
  'The operation cannot be performed at this time. The function is currently in the following state: Pending';

test.each([
  ['CodeArtifactUserDeletedException', 409, 'not-ready'],
  ['CodeArtifactUserFailedException', 409, 'failed'],
  ['CodeArtifactUserPendingException', 409, 'not-ready'],
  ['DurableExecutionAlreadyStartedException', 409, 'invalid'],
  ['EC2AccessDeniedException', 502, 'failed'],
  ['EC2ThrottledException', 502, 'throttled'],
  ['EC2UnexpectedException', 502, 'retryable'],
  ['EFSIOException', 410, 'retryable'],
  ['EFSMountConnectivityException', 408, 'retryable'],
  ['EFSMountFailureException', 403, 'failed'],
  ['EFSMountTimeoutException', 408, 'retryable'],
  ['ENILimitReachedException', 502, 'failed'],
  ['ENINotReadyException', 502, 'not-ready'],
  ['InvalidParameterValueException', 400, 'invalid'],
  ['InvalidRequestContentException', 400, 'invalid'],
  ['InvalidRuntimeException', 502, 'failed'],
  ['InvalidSecurityGroupIDException', 502, 'failed'],
  ['InvalidSubnetIDException', 502, 'failed'],
  ['InvalidZipFileException', 502, 'failed'],
  ['KMSAccessDeniedException', 502, 'failed'],
  ['KMSDisabledException', 502, 'failed'],
  ['KMSInvalidStateException', 502, 'failed'],
  ['KMSNotFoundException', 502, 'failed'],
  ['ModeNotSupportedException', 400, 'invalid'],
  ['NoPublishedVersionException', 400, 'invalid'],
  ['RecursiveInvocationException', 400, 'invalid'],
  ['RequestTooLargeException', 413, 'invalid'],
  ['ResourceConflictException', 409, 'failed'],
  ['ResourceNotFoundException', 404, 'invalid'],
  ['ResourceNotReadyException', 502, 'not-ready'],
  ['S3FilesMountConnectivityException', 408, 'retryable'],
  ['S3FilesMountFailureException', 403, 'failed'],
  ['S3FilesMountTimeoutException', 408, 'retryable'],
  ['SerializedRequestEntityTooLargeException', 413, 'invalid'],
  ['ServiceException', 500, 'retryable'],
  ['ServiceQuotaExceededException', 402, 'throttled'],
  ['SnapStartException', 400, 'failed'],
  ['SnapStartNotReadyException', 409, 'not-ready'],
  ['SnapStartRegenerationFailureException', 409, 'failed'],
  ['SnapStartTimeoutException', 408, 'retryable'],
  ['SubnetIPAddressLimitReachedException', 502, 'failed'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['UnsupportedMediaTypeException', 415, 'invalid'],
])('%s (HTTP %d) is %s after one request', async (code, status, kind) => {
  service.replies(awsError(status, code, 'said the service'));
  await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({
    kind,
    message: `component "search" was answered ${code} (HTTP ${status})`,
    cause: { code, httpStatus: status, requestId: 'request-1' },
  });
  expect(service.received).toHaveLength(1);
});

test.each([PENDING, 'An update is in progress for resource: arn'])(
  'a function in transition is waited for: %s',
  async (said) => {
    service.replies(awsError(409, 'ResourceConflictException', said));
    await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({ kind: 'not-ready' });
  },
);

test('a connection that breaks in the middle of the answer may be tried again', async () => {
  service.replies(breakOff);
  await expect(errorOf(call(callOf(search, query)))).resolves.toMatchObject({ kind: 'retryable' });
});

test('an abort closes the connection to the service', async () => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      controller.abort();
    });
  });
  await errorOf(call(callOf(search, query, { signal: controller.signal })));
  await upstream;
});
