import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { HttpRequest } from '../aws';

const STAGE = 'local';

/**
 * The event that a REST API with a proxy integration and `binaryMediaTypes` sends for a request: text as it came, any
 * other bytes as base64.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-example-event
 */
export function toProxyEvent(request: HttpRequest, body: Buffer): APIGatewayProxyEvent {
  const { path, query } = splitTarget(request.url ?? '/');
  const multiValueHeaders = groupHeaders(request.rawHeaders);
  const multiValueQuery = groupBy([...new URLSearchParams(query)]);
  const isText = isUtf8(body);
  const now = new Date();
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: request.method ?? 'GET',
    headers: lastOfEach(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: orNull(lastOfEach(multiValueQuery)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: null,
      domainName: hostOf(request),
      domainPrefix: 'local',
      extendedRequestId: randomUUID(),
      httpMethod: request.method ?? 'GET',
      identity: callerOf(request),
      path: `/${STAGE}${path}`,
      protocol: `HTTP/${request.httpVersion}`,
      requestId: randomUUID(),
      requestTime: toClf(now),
      requestTimeEpoch: now.getTime(),
      resourceId: 'proxy',
      resourcePath: '/{proxy+}',
      stage: STAGE,
    },
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Of the target of a request, which is a path or, through a proxy, a URL. `URL` would resolve `..` and take `//x` for a host. */
function splitTarget(target: string): { path: string; query: string } {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(target) ?? [];
  return { path, query };
}

function hostOf({ headers }: HttpRequest): string {
  const host = headers.host ?? headers[':authority'];
  return typeof host === 'string' ? host : 'localhost';
}

/** As in `22/Nov/2026:17:41:56 +0000`, the Common Log Format. */
function toClf(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

function callerOf({ socket, headers }: HttpRequest): APIGatewayProxyEvent['requestContext']['identity'] {
  return {
    accessKey: null,
    accountId: null,
    apiKey: null,
    apiKeyId: null,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: socket.remoteAddress ?? '127.0.0.1',
    user: null,
    userAgent: headers['user-agent'] ?? null,
    userArn: null,
  };
}

/** Node lists names and values in turn; those of HTTP/2 that begin with a colon are no headers. */
function groupHeaders(rawHeaders: readonly string[]): Record<string, string[]> {
  const pairs = rawHeaders.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!]] : []));
  return groupBy(pairs.filter(([name]) => !name.startsWith(':')));
}

function groupBy(pairs: readonly [name: string, value: string][]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}

function lastOfEach(groups: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1)!]));
}

function orNull<T extends object>(object: T): T | null {
  return Object.keys(object).length > 0 ? object : null;
}
