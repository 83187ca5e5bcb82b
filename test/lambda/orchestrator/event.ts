import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Handler } from '../../../lambda/orchestrator';

/** As much of a request as differs between tests. */
export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text or bytes; bytes are sent as base64. */
  readonly body?: unknown;
  /** What the function has left of its own timeout. */
  readonly remainingMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON document. */
  readonly body: any;
  readonly text: string;
}

/** Invokes a handler as API Gateway does. */
export async function ask(handler: Handler, request: Ask): Promise<Answered> {
  const { statusCode, headers, body } = await handler(eventOf(request), contextOf(request.remainingMs));
  return {
    status: statusCode,
    headers: headers as APIGatewayProxyResult['headers'] & Record<string, string>,
    body: JSON.parse(body),
    text: body,
  };
}

/** Runs an agent. */
export function run(handler: Handler, agent: string, body: unknown, headers: Record<string, string> = {}) {
  return ask(handler, {
    method: 'POST',
    path: `/agents/${agent}/runs`,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-example-event */
export function eventOf({ method = 'GET', path, headers, body }: Ask): APIGatewayProxyEvent {
  const isBytes = body instanceof Uint8Array;
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: headers ?? {},
    multiValueHeaders: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      authorizer: null,
      domainName: 'id.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'id',
      extendedRequestId: 'request-id',
      httpMethod: method,
      identity: {
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
        sourceIp: '192.0.2.1',
        user: null,
        userAgent: 'curl/8.0',
        userArn: null,
      },
      path: `/prod${path}`,
      protocol: 'HTTP/1.1',
      requestId: 'id=',
      requestTime: '04/Mar/2020:19:15:17 +0000',
      requestTimeEpoch: 1583349317135,
      resourceId: 'abcdef',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    body: body === undefined ? null : isBytes ? Buffer.from(body).toString('base64') : textOf(body),
    isBase64Encoded: isBytes,
  };
}

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

export function contextOf(remainingMs = 29_000): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'orchestrator',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orchestrator',
    memoryLimitInMB: '1769',
    awsRequestId: 'b1d4e6a0-0000-4000-8000-000000000000',
    logGroupName: '/aws/lambda/orchestrator',
    logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
    getRemainingTimeInMillis: () => remainingMs,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
