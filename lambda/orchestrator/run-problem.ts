import { MAX_RETRY_AFTER_SECONDS } from '../../core/api/headers';
import type { ProblemType } from '../../core/api/problems';
import { InputError, RunError } from '../../core/run/errors';
import { ConfigError } from '../config/config-error';
import { shownNames } from '../telemetry/shown-names';
import { BindingError } from './config';
import { type FieldProblem, MAX_FIELD_PROBLEMS, Problem } from './problem';
import { runHeaders } from './run-headers';

/** When no service says how long a component needs, a caller may ask again after this. */
const RETRY_AFTER_SECONDS = 5;

/**
 * The answer to a run without output. Tells what failed and where; never what a node was given.
 *
 * @param readyInMs in how long components that were not ready are expected to be, as far as that is known
 */
export function toProblem(error: unknown, runId: string, readyInMs?: number): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InputError) {
    const errors = error.issues.map(({ path, message }): FieldProblem => ({ field: path, detail: message }));
    const tooMany = `the input has more than ${MAX_FIELD_PROBLEMS} faults; errors lists the first ${MAX_FIELD_PROBLEMS}`;
    const detail = errors.length > MAX_FIELD_PROBLEMS ? tooMany : error.message;
    return new Problem('invalid-input', detail, { runId, errors });
  }
  if (error instanceof RunError) {
    const type = problemType(error);
    const at = error.at === undefined ? undefined : shownNames(error.record)(error.at);
    const retryAfterSeconds = retryAfterSecondsOf(type, error, readyInMs);
    const details = {
      runId,
      ...(at !== undefined && { node: at }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
    return new Problem(type, detailOf(error, at), details, runHeaders(runId, error.record));
  }
  if (error instanceof BindingError) return new Problem('agent-fault', error.message, { runId });
  if (error instanceof ConfigError) {
    return new Problem('agent-fault', 'the agent is not configured; the log of the run says what is wrong', { runId });
  }
  return new Problem('agent-fault', 'an unexpected error; the logs of the run have its class', { runId });
}

function problemType(error: RunError): ProblemType {
  switch (error.kind) {
    case 'throttled':
      return 'throttled';
    case 'not-ready':
      return 'component-not-ready';
    case 'timed-out':
    case 'cancelled':
      return 'deadline-exceeded';
    case 'over-budget':
      return 'over-budget';
    case 'invalid':
      return 'agent-fault';
    case 'failed':
    case 'retryable':
      return isForeign(error) || error.at === OUTPUT ? 'agent-fault' : 'component-failed';
  }
}

/** Where a run failed whose components all answered; no node can have this name. */
const OUTPUT = 'output';

/** An error that the agent's own code threw. Its message may quote a prompt. */
function isForeign({ cause }: RunError): boolean {
  return cause?.thrown !== undefined;
}

function detailOf(error: RunError, at: string | undefined): string {
  if (isForeign(error)) return `${at}: the function of the node threw an error`;
  return at !== undefined && error.cause ? `${at}: ${error.cause.message}` : error.message;
}

function retryAfterSecondsOf(type: ProblemType, { cause }: RunError, readyInMs?: number): number | undefined {
  const isLate = type === 'deadline-exceeded' && readyInMs !== undefined;
  if (type !== 'throttled' && type !== 'component-not-ready' && !isLate) return undefined;
  const known = [cause?.retryAfterMs, type === 'throttled' ? undefined : readyInMs].filter(
    (ms) => ms !== undefined && !Number.isNaN(ms),
  );
  const seconds = known.length === 0 ? RETRY_AFTER_SECONDS : Math.ceil(Math.max(...(known as number[])) / 1000);
  return Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS);
}
