import { alternativesOf } from '../../core/graph/alternatives';
import type { BackendBinding, BedrockBinding, Bindings, LambdaBinding } from '../../core/graph/binding';
import { formatFault } from '../../core/graph/format-fault';
import type { Call, Caller } from '../../core/run/call';
import { byteLength, jsonLength, limited } from './answer-limit';
import { bedrockRuntime } from './bedrock';
import { callError, explain } from './call-error';
import { decoding, encoding } from './coding';
import { codecOf } from './formats';
import type { Answer, WireRequest } from './formats/codec';
import { ConverseAnswerReader, converseAnswer, converseRequest } from './formats/converse';
import { OpenAiAnswerReader } from './formats/openai-answer-reader';
import { httpServices } from './http';
import { lambdaFunctions } from './lambda';
import { callRateOf, tokensUsd } from './price';
import { sageMakerRuntime } from './sagemaker';
import { readAnswer } from './streamed-answer';

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
    const { price } = binding;
    try {
      if (price) call.meter?.(callRateOf(price));
      const answer = await ask(clients, binding, call);
      return price ? { ...answer, costUsd: tokensUsd(price, answer.usage) } : answer;
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
  const { component } = call;
  const fault = formatFault(component.format, binding.type);
  if (fault !== undefined) throw callError(component, 'invalid', fault);
  // Whatever else than Bedrock it may be bound to has a fault.
  if (component.format === 'converse') return converse(clients, binding as BedrockBinding, call);

  const isStreamed = component.format === 'openai-chat' && call.onText !== undefined;
  const codec = codecOf(component.format, binding, isStreamed && binding.type !== 'lambda');
  const request = { contentType: codec.contentType, body: encoding(call, () => codec.encode(call.input)) };
  if (isStreamed && binding.type !== 'lambda') {
    const open = (read: Call) => limited(stream(clients, binding, request, read), byteLength, read);
    return readAnswer(open, new OpenAiAnswerReader(), call);
  }
  const body = await send(clients, binding, request, call);
  return decoding(call, () => codec.decode(body));
}

async function converse({ bedrock }: Clients, binding: BedrockBinding, call: Call): Promise<Answer> {
  const request = encoding(call, () => converseRequest(call.input));
  if (call.onText) {
    const open = (read: Call) => limited(bedrock.converseStream(binding, request, read.signal), jsonLength, read);
    return readAnswer(open, new ConverseAnswerReader(), call);
  }
  const response = await bedrock.converse(binding, request, call.signal);
  return decoding(call, () => converseAnswer(response));
}

function send(clients: Clients, binding: BackendBinding, request: WireRequest, call: Call): Promise<Uint8Array> {
  switch (binding.type) {
    case 'sagemaker':
      return clients.sageMaker.invoke(binding, request, call.signal);
    case 'bedrock':
      return clients.bedrock.invokeModel(binding, request, call.signal);
    case 'lambda':
      return clients.lambda(binding, request, call);
    case 'http':
      return clients.http.post(binding, request, call);
  }
}

function stream(
  clients: Clients,
  binding: Exclude<BackendBinding, LambdaBinding>,
  request: WireRequest,
  call: Call,
): AsyncGenerator<Uint8Array> {
  switch (binding.type) {
    case 'sagemaker':
      return clients.sageMaker.stream(binding, request, call.signal);
    case 'bedrock':
      return clients.bedrock.invokeModelStream(binding, request, call.signal);
    case 'http':
      return clients.http.stream(binding, request, call);
  }
}
