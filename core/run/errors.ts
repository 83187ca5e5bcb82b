import { formatIssues, type Issue } from '../graph/schema';
import type { RunRecord } from './record';

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

  /** Whether another try may help. A component that is not ready is waited for instead. */
  get isRetryable(): boolean {
    return this.kind === 'retryable' || this.kind === 'throttled' || this.kind === 'timed-out';
  }
}

/** Anything thrown, as a `CallError`; what has no kind of its own is `failed`. */
export function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return new CallError('failed', cause.message, { cause });
}

/** An input that its graph refuses: nothing was started. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    graph: string,
    /** What is wrong, field by field. */
    readonly issues: readonly Issue[],
  ) {
    super(`the input of graph "${graph}" does not match its schema: ${formatIssues(issues)}`);
  }
}

/** Why a run brought no output. */
export type RunErrorKind = CallErrorKind | 'cancelled';

export interface RunErrorDetails {
  /** What happened up to then. */
  readonly record: RunRecord;
  /** Where it failed: a node, an item of a map as in `facts[3]`, or `output`; nowhere if the run as a whole was ended. */
  readonly at?: string;
  readonly cause?: Error;
}

/** A run that started and brought no output. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly record: RunRecord;
  readonly at: string | undefined;

  constructor(
    readonly kind: RunErrorKind,
    message: string,
    { record, at, cause }: RunErrorDetails,
  ) {
    super(message, { cause });
    this.record = record;
    this.at = at;
  }
}
