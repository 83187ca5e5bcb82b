import type { CallErrorKind, ServiceFault } from '../../core/run/errors';
import { errorLike } from './error-like';
import { BrokenAnswer } from './formats/answer-reader';
import { serviceCode } from './service-code';
import { kindOfCode, modelErrorKind, type ServiceError } from './service-errors';

/** What the AWS SDK throws for an exception among the events of a stream: the answer had begun, with HTTP 200. */
export interface StreamError extends Omit<ServiceError, '$metadata'> {
  /** Of SageMaker's `ModelStreamError`: `ModelInvocationTimeExceeded` or `StreamBroken`. */
  readonly ErrorCode?: string;
}

export function isStreamError(error: unknown): error is StreamError {
  const { $fault, $metadata } = (error ?? {}) as Partial<ServiceError>;
  return $fault !== undefined && $metadata?.httpStatusCode === undefined;
}

export function streamErrorKind(error: StreamError): CallErrorKind {
  switch (error.name) {
    // "The model failed to finish sending the response within the timeout period allowed."
    case 'ModelStreamError':
      return error.ErrorCode === 'ModelInvocationTimeExceeded' ? 'timed-out' : 'retryable';
    // "An error occurred while streaming the response. Retry your request."
    case 'ModelStreamErrorException':
      return modelErrorKind(error);
    default:
      return kindOfCode(error.name) ?? (error.$fault === 'server' ? 'retryable' : 'invalid');
  }
}

export function streamFault({ name, message }: StreamError): ServiceFault {
  return { code: serviceCode(name), message };
}

/** Whether the SDK threw it while it read an answer that had begun with success. */
export function isOfAnswer(thrown: unknown): boolean {
  const { $response } = (thrown ?? {}) as { readonly $response?: { readonly statusCode?: unknown } };
  return typeof $response?.statusCode === 'number' && $response.statusCode < 300;
}

/**
 * The SDK throws an exception that it does not know, or a stream that ends in the middle of an event, as a plain error.
 * Errors of the network have a code, and an event that is no JSON is the service's fault for good.
 */
export function asBrokenAnswer(thrown: unknown): unknown {
  const { name = 'Error', message = '', code } = errorLike(thrown);
  if (isStreamError(thrown) || typeof code === 'string' || name === 'SyntaxError') return thrown;
  return new BrokenAnswer('retryable', { code: name === 'Error' ? 'StreamBroken' : serviceCode(name), message });
}
