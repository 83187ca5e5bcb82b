import type { APIGatewayProxyEvent } from 'aws-lambda';
import { EVENT_STREAM_MEDIA_TYPE } from '../../core/api/event-stream';
import { header, type StreamedAnswer } from './http';
import { Problem } from './problem';
import { runAnswer } from './run-answer';
import type { StreamWriter } from './run-stream';

/** No cache and no proxy may hold back what is written while it is read. */
const HEADERS = { 'content-type': EVENT_STREAM_MEDIA_TYPE, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** Whether the caller asks for the events of a run rather than for its answer alone. */
export function asksForEvents(event: APIGatewayProxyEvent): boolean {
  const ranges = (header(event, 'accept') ?? '').split(',').map((range) => range.split(';').map((part) => part.trim()));
  return ranges.some(
    ([type, ...parameters]) =>
      type?.toLowerCase() === EVENT_STREAM_MEDIA_TYPE && !parameters.some((one) => /^q=0(\.0*)?$/i.test(one)),
  );
}

/** Whether the caller wants to know what happens to nodes. @throws Problem */
export function asksForNodes({ queryStringParameters }: APIGatewayProxyEvent): boolean {
  const events = queryStringParameters?.events;
  if (events === undefined || events === 'nodes') return events === 'nodes';
  const detail = `must be "nodes" or left out, got: ${JSON.stringify(events.slice(0, 40))}`;
  throw new Problem('malformed-request', `the query parameter events ${detail}`, {
    errors: [{ field: 'events', detail }],
  });
}

/** Server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventStream(runId: string, chunks: AsyncIterable<string>): StreamedAnswer {
  return { status: 200, headers: { ...HEADERS, 'compound-run-id': runId }, chunks };
}

export function eventWriter(takesNodeEvents: boolean): StreamWriter {
  return {
    opensAt: 'run',
    takes: ({ type }) => type === 'text' || takesNodeEvents,
    begin: (runId) => sent('run', JSON.stringify({ runId })),
    event: ({ type, ...data }) => sent(type, JSON.stringify(data)),
    output: (runId, result) => sent('output', runAnswer(runId, result).json),
    error: (problem) => sent('error', JSON.stringify(problem)),
  };
}

/** @param json on one line, as it is written without indentation */
function sent(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
