import { converse, converseStream, invokeModel, invokeModelWithResponseStream } from './bedrock-runtime';
import type { Operation } from './http';
import { invokeFunction } from './lambda/invoke-function';
import { callRpc } from './rpc';
import { invokeEndpoint, invokeEndpointWithResponseStream } from './sagemaker-runtime';

/** Every operation of the local stack is a POST; the group of a path is the resource it names. */
const ROUTES: readonly (readonly [path: RegExp, operation: Operation])[] = [
  [/^\/endpoints\/([^/]+)\/invocations$/, named('SageMakerRuntime.InvokeEndpoint', invokeEndpoint)],
  [
    /^\/endpoints\/([^/]+)\/invocations-response-stream$/,
    named('SageMakerRuntime.InvokeEndpointWithResponseStream', invokeEndpointWithResponseStream),
  ],
  [/^\/model\/([^/]+)\/invoke$/, named('BedrockRuntime.InvokeModel', invokeModel)],
  [/^\/model\/([^/]+)\/converse$/, named('BedrockRuntime.Converse', converse)],
  [
    /^\/model\/([^/]+)\/invoke-with-response-stream$/,
    named('BedrockRuntime.InvokeModelWithResponseStream', invokeModelWithResponseStream),
  ],
  [/^\/model\/([^/]+)\/converse-stream$/, named('BedrockRuntime.ConverseStream', converseStream)],
  [/^\/2015-03-31\/functions\/([^/]+)\/invocations$/, named('Lambda.Invoke', invokeFunction)],
  [/^\/()$/, callRpc],
];

function named(call: string, operation: Operation): Operation {
  return (aws, request) => aws.faults.meet(call, request.signal, () => operation(aws, request));
}

export interface Route {
  readonly operation: Operation;
  readonly resource: string;
}

/** The operation that a request means, if it means one. */
export function findRoute(method: string | undefined, path: string): Route | undefined {
  if (method !== 'POST') return undefined;
  for (const [pattern, operation] of ROUTES) {
    const resource = pattern.exec(path)?.[1];
    if (resource !== undefined) return { operation, resource: decode(resource) };
  }
  return undefined;
}

/** Left as it is if it is not percent-encoded well: then it names nothing. */
function decode(resource: string): string {
  try {
    return decodeURIComponent(resource);
  } catch {
    return resource;
  }
}
