import { formatIssues, type Issue } from '../graph/schema';
import { show } from '../graph/show';
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
 * - `over-budget`: not made, because the run has cost what it may
 */
export type CallErrorKind =
  | 'retryable'
  | 'throttled'
  | 'not-ready'
  | 'invalid'
  | 'failed'
  | 'timed-out'
  | 'over-budget';

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
  readonly retryAfterMs?: number | undefined;
  /** Where it arose, as in `facts[3]`; the engine fills it in. */
  readonly at?: string;
  /** Class of the foreign error whose message this one repeats; the engine fills it in. */
  readonly thrown?: string | undefined;
}

/**
 * A call to a component that brought no answer.
 *
 * The message quotes nothing that the component was given or answered, unless `thrown` is set; `cause` may.
 */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly retryAfterMs: number | undefined;
  readonly at: string | undefined;
  /** Class of an error that the agent's own code threw, and whose message this one repeats. */
  readonly thrown: string | undefined;

  constructor(
    readonly kind: CallErrorKind,
    message: string,
    { cause, retryAfterMs, at, thrown }: CallErrorOptions = {},
  ) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
    this.at = at;
    this.thrown = thrown;
  }

  /** Whether another try may help. A component that is not ready is waited for instead. */
  get isRetryable(): boolean {
    return this.kind === 'retryable' || this.kind === 'throttled' || this.kind === 'timed-out';
  }
}

/** Anything thrown, as a `CallError` that arose `at` a place; what has no kind of its own is `failed`. */
export function toCallError(error: unknown, at: string): CallError {
  if (error instanceof CallError) {
    if (error.at !== undefined) return error;
    // A copy: the original may be a constant that is thrown in many places.
    const { kind, message, cause, retryAfterMs, thrown } = error;
    return new CallError(kind, message, { cause: cause as ServiceFault, retryAfterMs, at, thrown });
  }
  const cause = error instanceof Error ? error : new Error(typeof error === 'string' ? error : show(error));
  // Some errors say nothing: those of refused connections, for one.
  return new CallError('failed', cause.message || cause.name, { cause, at, thrown: cause.name });
}

/** What is wrong with a value, field by field. The messages are those of the schema's library and may quote the value. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';

  constructor(readonly issues: readonly Issue[]) {
    super(formatIssues(issues));
  }
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

/** A run that started and brought no output. */
export class RunError extends Error {
  override readonly name = 'RunError';
  /** Where it failed: a node, an item of a map as in `facts[3]`, or `output`; nowhere if the run as a whole was ended. */
  readonly at: string | undefined;

  constructor(
    readonly kind: RunErrorKind,
    message: string,
    /** What happened up to then. */
    readonly record: RunRecord,
    override readonly cause?: CallError,
  ) {
    super(message);
    this.at = cause?.at;
  }
}
