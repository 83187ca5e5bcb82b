import type { LambdaBinding } from '../../core/graph/binding';
import type { Component } from '../../core/graph/component';
import type { Call } from '../../core/run/call';
import type { CallError } from '../../core/run/errors';
import { traceHeaders } from '../telemetry/tracing/run-trace';
import { callError } from './call-error';
import { parseJson, type WireRequest } from './formats/codec';
import { FUNCTION_TIMEOUT_MS, perRegion, sdkConfig } from './sdk';
import { serviceCode } from './service-code';

/** How Lambda ends the message of a function that it stopped. */
const FUNCTION_TIMED_OUT = /Task timed out after [\d.]+ seconds/;

export type InvokeFunction = (binding: LambdaBinding, request: WireRequest, call: Call) => Promise<Uint8Array>;

/** A client of Lambda for each region, made at the first call there. */
export function lambdaFunctions(): InvokeFunction {
  const lambda = perRegion(async (region) => {
    const { InvokeCommand, LambdaClient } = await import('#cdk-compound-inference/lambda');
    return { client: new LambdaClient(await sdkConfig(FUNCTION_TIMEOUT_MS, region)), InvokeCommand };
  });
  return async ({ functionName, region }, { body }, { component, signal }) => {
    const { client, InvokeCommand } = await lambda(region);
    const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(body), ...clientContext() });
    const { FunctionError, Payload, $metadata } = await client.send(command, { abortSignal: signal });
    const payload = Payload ?? new Uint8Array();
    if (FunctionError !== undefined) throw functionError(component, FunctionError, payload, $metadata);
    return payload;
  };
}

/** As OpenTelemetry passes the trace on to functions; X-Ray's own the SDK passes on. */
function clientContext(): { readonly ClientContext?: string } {
  const { traceparent, tracestate } = traceHeaders();
  if (traceparent === undefined) return {};
  const custom = { traceparent, ...(tracestate !== undefined && { tracestate }) };
  return { ClientContext: Buffer.from(JSON.stringify({ custom })).toString('base64') };
}

function functionError(
  component: Component,
  code: string,
  payload: Uint8Array,
  { requestId, httpStatusCode }: { readonly requestId?: string; readonly httpStatusCode?: number },
): CallError {
  const { errorType = code, errorMessage } = readFunctionError(payload);
  const kind = FUNCTION_TIMED_OUT.test(errorMessage) ? 'timed-out' : 'failed';
  return callError(component, kind, `failed in its function: ${errorType}`, {
    cause: {
      code: errorType,
      message: errorMessage,
      ...(requestId && { requestId }),
      ...(httpStatusCode && { httpStatus: httpStatusCode }),
    },
  });
}

/** The stack trace stays behind. */
function readFunctionError(payload: Uint8Array): { errorType?: string; errorMessage: string } {
  try {
    const { errorType, errorMessage } = parseJson(payload);
    return {
      errorMessage: String(errorMessage ?? ''),
      ...(typeof errorType === 'string' && { errorType: serviceCode(errorType) }),
    };
  } catch {
    return { errorMessage: '' };
  }
}
