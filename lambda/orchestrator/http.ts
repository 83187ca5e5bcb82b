import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { PROBLEM_MEDIA_TYPE } from '../../core/api/problems';
import type { Problem } from './problem';

/** A request, as the function is invoked with it. */
export interface Invocation {
  readonly event: APIGatewayProxyEvent;
  readonly context: Context;
  /** Aborted when the caller has gone. @default - the function is not told */
  readonly signal?: AbortSignal;
}

/** What a route answers: a document, or text that comes while it is sent. */
export type Answer = WholeAnswer | StreamedAnswer;

export interface WholeAnswer extends AnswerHead {
  readonly json: string;
}

export interface StreamedAnswer extends AnswerHead {
  /**
   * Read once, as fast as the caller takes it. Its iterator has `return`, called when the caller goes away; it may be
   * called while `next` is pending and stops at once what the rest would have been made of.
   */
  readonly chunks: AsyncIterable<string>;
}

interface AnswerHead {
  readonly status: number;
  /** Names in lower case. @default - a content type of JSON */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A header of the request, whatever the case of its name. */
export function header({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/**
 * The segments of the path; none of a path that cannot be decoded.
 *
 * Behind a domain with a base path, the path begins with that; the resource, with what its proxy part matched, does not.
 */
export function pathSegments({ path, resource, pathParameters }: APIGatewayProxyEvent): string[] {
  const matched = resource?.replace(PROXY, () => pathParameters?.proxy ?? PROXY);
  try {
    return (matched && !matched.includes('{') ? matched : path).split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}

const PROXY = '{proxy+}';

/** The answer as a function that does not stream returns it: once all of it is there. */
export async function toResult(answer: Answer): Promise<APIGatewayProxyResult> {
  const headers = { 'content-type': 'application/json', ...answer.headers };
  return { statusCode: answer.status, headers, body: 'json' in answer ? answer.json : await joined(answer.chunks) };
}

export function toProblemAnswer(problem: Problem): WholeAnswer {
  const headers = { 'content-type': PROBLEM_MEDIA_TYPE, ...problem.headers };
  return { status: problem.status, headers, json: JSON.stringify(problem) };
}

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
