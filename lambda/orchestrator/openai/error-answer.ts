import { errorType, type OpenAiError } from '../../../core/api/openai/error';
import { RequestFault } from '../../../core/api/openai/request-fault';
import type { WholeAnswer } from '../http';
import { Problem } from '../problem';

const BAD_REQUEST = 400;

/** An error as clients of OpenAI understand it; undefined if it is none that callers are told of. */
export function errorAnswer(error: unknown): WholeAnswer | undefined {
  if (error instanceof Problem) {
    return { status: error.status, headers: headersOf(error), json: errorJson(error) };
  }
  if (error instanceof RequestFault) {
    const { message, param, code } = error;
    return { status: BAD_REQUEST, json: written({ message, type: errorType(BAD_REQUEST), param, code }) };
  }
  return undefined;
}

/** The error on one line. */
export function errorJson(problem: Problem): string {
  const { type, status, details } = problem;
  const { detail } = problem.toJSON() as { readonly detail: string };
  const { errors, retryAfterSeconds } = details;
  return written({
    message: detail,
    type: errorType(status),
    param: errors?.[0]?.field || null,
    code: type,
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
  });
}

function written(error: OpenAiError): string {
  return JSON.stringify({ error });
}

/**
 * Clients try any error from 500 again, twice, unless told not to: the run has tried what it could, and another costs as much.
 * What says when to come again is worth it.
 */
function headersOf({ headers, details }: Problem): Record<string, string> {
  return {
    ...headers,
    ...(details.runId !== undefined && { 'x-request-id': details.runId }),
    'x-should-retry': String(details.retryAfterSeconds !== undefined),
  };
}
