import type { CallErrorKind, ServiceFault } from '../../core/run/errors';
import { parseRetryAfterMs, statusKind } from './http-status';
import { serviceCode } from './service-code';

/** What the AWS SDK throws once a service has answered; fields of single exceptions are optional. */
export interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  /** Status of the container behind SageMaker; 0 if it gave none. */
  readonly OriginalStatusCode?: number;
  /** Status of the model behind Bedrock. */
  readonly originalStatusCode?: number;
}

/**
 * Errors of `InvokeEndpoint`, `InvokeModel`, `Converse` and Lambda's `Invoke` whose HTTP status misleads.
 *
 * The others mean what their status says.
 */
const KIND_BY_CODE: Readonly<Record<string, CallErrorKind>> = {
  // 429, of Bedrock's imported models and of SageMaker's serverless and multi-model endpoints.
  ModelNotReadyException: 'not-ready',
  ModelTimeoutException: 'timed-out',
  // 400 in services that do not declare it.
  ThrottlingException: 'throttled',
  // 400 in Bedrock, 402 in Lambda: "You can resubmit your request later."
  ServiceQuotaExceededException: 'throttled',

  // 400 and 403: the deployment's role or credentials, which the agent cannot help.
  AccessDenied: 'failed',
  AccessDeniedException: 'failed',
  ExpiredToken: 'failed',
  ExpiredTokenException: 'failed',
  IncompleteSignature: 'failed',
  IncompleteSignatureException: 'failed',
  InvalidClientTokenId: 'failed',
  InvalidSignatureException: 'failed',
  MissingAuthenticationToken: 'failed',
  MissingAuthenticationTokenException: 'failed',
  NotAuthorized: 'failed',
  OptInRequired: 'failed',
  RequestExpired: 'failed',
  SignatureDoesNotMatch: 'failed',
  UnrecognizedClientException: 'failed',

  // Lambda reports the state of a function, which is on its way to `Active`, as 409 or 502.
  CodeArtifactUserDeletedException: 'not-ready',
  CodeArtifactUserPendingException: 'not-ready',
  ENINotReadyException: 'not-ready',
  ResourceNotReadyException: 'not-ready',
  SnapStartNotReadyException: 'not-ready',
  EC2ThrottledException: 'throttled',
  // 410: an I/O error of a mounted file system.
  EFSIOException: 'retryable',

  // Lambda reports a broken function or network as 400, 403, 409 or 502; somebody has to repair it.
  CodeArtifactUserFailedException: 'failed',
  EC2AccessDeniedException: 'failed',
  EFSMountFailureException: 'failed',
  ENILimitReachedException: 'failed',
  InvalidRuntimeException: 'failed',
  InvalidSecurityGroupIDException: 'failed',
  InvalidSubnetIDException: 'failed',
  InvalidZipFileException: 'failed',
  KMSAccessDeniedException: 'failed',
  KMSDisabledException: 'failed',
  KMSInvalidStateException: 'failed',
  KMSNotFoundException: 'failed',
  S3FilesMountFailureException: 'failed',
  SnapStartException: 'failed',
  SnapStartRegenerationFailureException: 'failed',
  SubnetIPAddressLimitReachedException: 'failed',
};

/**
 * SageMaker reports an inference component without copies as an invalid request, so only the message tells.
 *
 * An endpoint in creation is "not in service"; one that is "not found" may just as well be misspelt, and no wait helps.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 */
const NO_COPY = /has no capacity to process this request|not in service/i;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
const FUNCTION_IN_TRANSITION = /following state: Pending|update is in progress/i;

/** The message with which SageMaker gives up on a container after 60 s. */
const CONTAINER_TIMED_OUT = /invocation timed out/i;

/** Errors without `$fault` are of the SDK itself; an error status then tells that it could not read the error body. */
export function isServiceError(error: unknown): error is ServiceError {
  const { $fault, $metadata } = (error ?? {}) as Partial<ServiceError>;
  return $metadata?.httpStatusCode !== undefined && ($fault !== undefined || $metadata.httpStatusCode >= 400);
}

export function serviceErrorKind(error: ServiceError): CallErrorKind {
  const { name, message, $metadata } = error;
  switch (name) {
    case 'ValidationError':
      return NO_COPY.test(message) ? 'not-ready' : 'invalid';
    case 'ResourceConflictException':
      return FUNCTION_IN_TRANSITION.test(message) ? 'not-ready' : 'failed';
    case 'ModelError':
    case 'ModelErrorException':
    case 'ModelStreamErrorException':
      return modelErrorKind(error);
    default:
      return kindOfCode(name) ?? statusKind($metadata.httpStatusCode);
  }
}

export function serviceFault({ name, message, $fault, $metadata }: ServiceError): ServiceFault {
  const { httpStatusCode: httpStatus, requestId } = $metadata;
  const said = $fault
    ? { code: serviceCode(name), message }
    : { code: `HTTP ${httpStatus}`, message: 'the error body is not JSON' };
  return { ...said, httpStatus, ...(requestId && { requestId }) };
}

export function serviceRetryAfterMs({ $response }: ServiceError): number | undefined {
  return parseRetryAfterMs($response?.headers?.['retry-after']);
}

/** The name comes over the wire: it may be that of a property which every object has. */
export function kindOfCode(name: string): CallErrorKind | undefined {
  return Object.hasOwn(KIND_BY_CODE, name) ? KIND_BY_CODE[name] : undefined;
}

/** The service answers 424 and passes on what the model's own server said. */
export function modelErrorKind({
  message,
  OriginalStatusCode,
  originalStatusCode,
}: Pick<ServiceError, 'message' | 'OriginalStatusCode' | 'originalStatusCode'>): CallErrorKind {
  const status = OriginalStatusCode ?? originalStatusCode ?? 0;
  if (status > 0) return statusKind(status);
  return CONTAINER_TIMED_OUT.test(message) ? 'timed-out' : 'retryable';
}
