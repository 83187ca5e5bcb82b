/**
 * What a failed call means for the run:
 *
 * - `retryable`: a fault that may pass; tried again within the node's attempts
 * - `throttled`: the service asks for fewer calls; tried again, later
 * - `not-ready`: no copy runs yet; waits for one within the deadline, without spending attempts
 * - `invalid`: the request is wrong and stays wrong
 * - `failed`: the component gave up, or its answer is not what it declares
 * - `timed-out`: no answer in time
 */
export type CallErrorKind = 'retryable' | 'throttled' | 'not-ready' | 'invalid' | 'failed' | 'timed-out';

/** What the service said, for `cause`. */
export interface ServiceFault {
  /** The service's error code, such as `ModelNotReadyException`. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly httpStatus?: number;
}

export interface CallErrorOptions {
  readonly cause?: ServiceFault | Error;
  /** How long the service asks to wait before the next try. */
  readonly retryAfterMs?: number;
}

/** A call to a component that brought no answer. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly kind: CallErrorKind,
    message: string,
    options: CallErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}
