import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Problem } from './problem';

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

export function toResult({ status, headers, body }: Answer): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function toProblemResult(problem: Problem): APIGatewayProxyResult {
  const headers = { 'content-type': 'application/problem+json', ...problem.headers };
  return toResult({ status: problem.status, headers, body: problem });
}
