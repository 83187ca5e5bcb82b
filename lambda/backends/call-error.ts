import type { Component } from '../../core/graph/component';
import type { Call } from '../../core/run/call';
import { CallError, type CallErrorKind, type CallErrorOptions, type ServiceFault } from '../../core/run/errors';
import { errorLike, reasonOf } from './error-like';
import { BrokenAnswer } from './formats/answer-reader';
import { networkErrorKind, networkFault } from './network-errors';
import { isServiceError, serviceErrorKind, serviceFault, serviceRetryAfterMs } from './service-errors';
import { isStreamError, streamErrorKind, streamFault } from './stream-errors';

export function callError(
  component: Component,
  kind: CallErrorKind,
  what: string,
  options?: CallErrorOptions,
): CallError {
  return new CallError(kind, `component "${component.name}" ${what}`, options);
}

/** What a client threw, in terms of the run: of which kind it is, and what may be told of it. */
export function explain({ component, signal }: Call, error: unknown): CallError {
  if (error instanceof CallError) return error;
  if (signal.aborted) return callError(component, 'failed', 'is no longer waited for');
  if (isServiceError(error)) {
    const cause = serviceFault(error);
    const retryAfterMs = serviceRetryAfterMs(error);
    return callError(component, serviceErrorKind(error), `was answered ${cause.code} (HTTP ${cause.httpStatus})`, {
      cause,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (isStreamError(error)) return brokenAnswer(component, streamErrorKind(error), streamFault(error));
  if (error instanceof BrokenAnswer) return brokenAnswer(component, error.kind, error.fault);
  // Thrown by a client that reads the answer itself, as that of Converse does; it quotes the answer, so it is no cause.
  if (errorLike(error).name === 'SyntaxError') {
    return callError(component, 'failed', `cannot decode its answer: ${reasonOf(error)}`);
  }
  const cause = networkFault(error);
  return callError(component, networkErrorKind(cause), `got no answer: ${cause.code}`, { cause });
}

function brokenAnswer(component: Component, kind: CallErrorKind, cause: ServiceFault): CallError {
  return callError(component, kind, `broke off its answer: ${cause.code}`, { cause });
}
