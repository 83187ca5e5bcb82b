import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { PROBLEM_MEDIA_TYPE } from '../../core/api/problems';
import type { Problem } from './problem';

/** What a route answers. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: string;
}

/** A header of the request, whatever the case of its name. */
export function header({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/**
 * The segments of the path; none of a path that cannot be decoded.
 *
 * Behind a domain with a base path, the path begins with that; the resource, or what the proxy resource matched, does not.
 */
export function pathSegments({ path, resource, pathParameters }: APIGatewayProxyEvent): string[] {
  const isLiteral = resource && !resource.includes('{');
  try {
    return (pathParameters?.proxy ?? (isLiteral ? resource : path)).split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}

export function toResult({ status, headers, json }: Answer): APIGatewayProxyResult {
  return { statusCode: status, headers: { 'content-type': 'application/json', ...headers }, body: json };
}

export function toProblemResult(problem: Problem): APIGatewayProxyResult {
  const headers = { 'content-type': PROBLEM_MEDIA_TYPE, ...problem.headers };
  return toResult({ status: problem.status, headers, json: JSON.stringify(problem) });
}
