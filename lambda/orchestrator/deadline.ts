import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { DEADLINE_HEADER } from '../../core/api/headers';
import { unreadableHeader } from './header-choice';
import { header } from './http';

const DECIMAL = /^\d+(\.\d+)?$/;

/** What the function needs to answer after a run that used all its time. */
const ANSWER_MS = 200;

/** API Gateway gives up then: an older request is one that is played again, or another clock's. */
const MAX_AGE_MS = 29_000;

/**
 * Time for the run: the least of what the caller, the configuration and the function's own timeout leave. The caller and
 * API Gateway count from the arrival of the request, which waits while a function starts.
 *
 * @throws Problem
 */
export function deadlineMsFor(event: APIGatewayProxyEvent, context: Context, configuredMs: number): number {
  const leftMs = context.getRemainingTimeInMillis() - ANSWER_MS;
  return Math.max(1, Math.min(Math.min(askedMs(event), configuredMs) - ageMs(event), leftMs));
}

/** 0 for an event without a time, such as the test events of the Lambda console. */
function ageMs({ requestContext }: APIGatewayProxyEvent): number {
  const ms = Date.now() - requestContext?.requestTimeEpoch;
  return ms >= 0 && ms <= MAX_AGE_MS ? ms : 0;
}

function askedMs(event: APIGatewayProxyEvent): number {
  const value = header(event, DEADLINE_HEADER);
  if (value === undefined) return Infinity;
  const ms = DECIMAL.test(value.trim()) ? Number(value) : Number.NaN;
  if (ms >= 1 && ms < Infinity) return ms;
  throw unreadableHeader(DEADLINE_HEADER, 'must be a number of milliseconds from 1, as in 1500', value);
}
