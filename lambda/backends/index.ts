import { alternativesOf } from '../../core/graph/alternatives';
import type { BackendBinding, BedrockBinding, Bindings } from '../../core/graph/binding';
import type { Component } from '../../core/graph/component';
import { formatFault } from '../../core/graph/format-fault';
import { show } from '../../core/graph/show';
import type { Call, Caller } from '../../core/run/call';
import type { CallError, CallErrorKind } from '../../core/run/errors';
import { bedrockRuntime } from './bedrock';
import { callError, explain } from './call-error';
import { reasonOf } from './error-like';
import { codecOf } from './formats';
import type { Answer, WireRequest } from './formats/codec';
import { converseAnswer, converseRequest } from './formats/converse';
import { httpServices } from './http';
import { lambdaFunctions } from './lambda';
import { costUsd } from './price';
import { sageMakerRuntime } from './sagemaker';

/**
 * Reaches each component where it is bound. Keep one per process: it holds the clients and their connections.
 *
 * Every try is one request: whether and when to try again is the run's decision.
 */
export function callerFor(bindings: Bindings): Caller {
  const clients: Clients = {
    sageMaker: sageMakerRuntime(),
    bedrock: bedrockRuntime(),
    lambda: lambdaFunctions(),
    http: httpServices(),
  };
  return async (call) => {
    const binding = bindingOf(call, bindings);
    try {
      const answer = await ask(clients, binding, call);
      return binding.price ? { ...answer, costUsd: costUsd(binding.price, answer.usage) } : answer;
    } catch (error) {
      throw explain(call, error);
    }
  };
}

interface Clients {
  readonly sageMaker: ReturnType<typeof sageMakerRuntime>;
  readonly bedrock: ReturnType<typeof bedrockRuntime>;
  readonly lambda: ReturnType<typeof lambdaFunctions>;
  readonly http: ReturnType<typeof httpServices>;
}

function bindingOf({ component, alternative = 0 }: Call, bindings: Bindings): BackendBinding {
  const binding = Object.hasOwn(bindings, component.name) ? bindings[component.name] : undefined;
  if (!binding) throw callError(component, 'invalid', 'has no binding; add it to the bindings of the deployment');
  const backend = alternativesOf(binding)[alternative];
  if (backend) return backend;
  // Bindings may have changed since the call set out.
  throw callError(component, 'retryable', `has no backend ${alternative} any more`);
}

async function ask(clients: Clients, binding: BackendBinding, call: Call): Promise<Answer> {
  const { component, input, signal } = call;
  const fault = formatFault(component.format, binding.type);
  if (fault !== undefined) throw callError(component, 'invalid', fault);
  if (component.format === 'converse') {
    const request = encoding(call, () => converseRequest(input));
    // Whatever else it may be bound to has a fault.
    const response = await clients.bedrock.converse(binding as BedrockBinding, request, signal);
    return decoding(call, () => converseAnswer(response));
  }

  const codec = codecOf(component.format, binding);
  const request = { contentType: codec.contentType, body: encoding(call, () => codec.encode(input)) };
  const body = await send(clients, binding, request, call);
  return decoding(call, () => codec.decode(body));
}

function send(clients: Clients, binding: BackendBinding, request: WireRequest, call: Call): Promise<Uint8Array> {
  switch (binding.type) {
    case 'sagemaker':
      return clients.sageMaker(binding, request, call.signal);
    case 'bedrock':
      return clients.bedrock.invokeModel(binding, request, call.signal);
    case 'lambda':
      return clients.lambda(binding, request, call);
    case 'http':
      return clients.http(binding, request, call);
  }
}

function encoding<T>({ component }: Call, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    throw formatError(component, 'invalid', 'cannot encode its input', error);
  }
}

/** An answer of the wrong shape is a wrong declaration far more often than a passing fault, so it is not tried again. */
function decoding<T>({ component }: Call, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw formatError(component, 'failed', 'cannot decode its answer', error);
  }
}

/** Only the reasons of our own formats are known to quote nothing. */
function formatError(component: Component, kind: CallErrorKind, what: string, thrown: unknown): CallError {
  const { format } = component;
  if (typeof format === 'string') return callError(component, kind, `${what} as ${format}: ${reasonOf(thrown)}`);
  const cause = thrown instanceof Error ? thrown : new Error(show(thrown));
  return callError(component, kind, `${what} as its own format`, { cause });
}
