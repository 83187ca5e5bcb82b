import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Problem } from './problem';

/** What a route answers. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** A header of the request, whatever the case of its name. */
export function header({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/** The segments of the path; none of a path that cannot be decoded. */
export function pathSegments({ path }: APIGatewayProxyEvent): string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** The most that Lambda returns (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), less room for headers. */
const MAX_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** @throws Problem if the answer is too large to be sent. */
export function toResult({ status, headers, body }: Answer): APIGatewayProxyResult {
  const json = JSON.stringify(body);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_BYTES) throw new Problem('agent-fault', `the answer has ${bytes} bytes, the limit is ${MAX_BYTES}`);
  return { statusCode: status, headers: { 'content-type': 'application/json', ...headers }, body: json };
}

export function toProblemResult(problem: Problem): APIGatewayProxyResult {
  const headers = { 'content-type': 'application/problem+json', ...problem.headers };
  return toResult({ status: problem.status, headers, body: problem });
}
