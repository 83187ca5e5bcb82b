import { RequestFault } from '../../../core/api/openai/request-fault';
import type { ChatRequest } from '../../../core/graph/chat';
import { type ChatModel, chatModelOf, NoUserMessage } from '../../../core/graph/chat-model';
import type { Graph } from '../../../core/graph/graph';
import { logFault } from '../../telemetry/log';
import { Problem } from '../problem';
import { refuseDangerous } from '../request-body';

/** An agent as a model of this door. */
export interface Model {
  readonly agent: Graph;
  readonly chat: ChatModel;
}

/** Agents as models, by name. */
export function modelsOf(agents: Iterable<Graph>): ReadonlyMap<string, Model> {
  return new Map([...agents].map((agent) => [agent.name, { agent, chat: chatModelOf(agent.definition) }]));
}

/** @throws Problem if there is none */
export function modelNamed(models: ReadonlyMap<string, Model>, name: string): Model {
  const model = models.get(name);
  if (model) return model;
  const known = [...models.keys()].join(', ');
  throw new Problem('not-found', `no model is named ${JSON.stringify(name.slice(0, 80))}; the models are: ${known}`);
}

/** The input of the run that answers a conversation. @throws RequestFault, Problem */
export function inputFor({ agent, chat }: Model, request: ChatRequest, runId: string): unknown {
  let input: unknown;
  try {
    input = chat.input(request);
  } catch (error) {
    if (error instanceof NoUserMessage) throw new RequestFault(error.message, 'messages', 'invalid_value');
    logFault(runId, agent.name, error);
    throw new Problem('agent-fault', 'the function that makes the input of a conversation threw an error', { runId });
  }
  try {
    if (chat.readsJson) refuseDangerous(input);
  } catch (error) {
    throw faultOf({ agent, chat }, error as Problem);
  }
  return input;
}

/** What a client is told whose input does not fit. */
export function misfit(model: Model, error: unknown): unknown {
  return error instanceof Problem && error.type === 'invalid-input' ? faultOf(model, error) : error;
}

/** A client knows of no fields but those of its request. */
function faultOf({ agent, chat }: Model, { message }: Problem): RequestFault {
  const fault = chat.readsJson
    ? `must have the input of ${agent.name} as JSON in the last message of the user`
    : 'do not fit';
  return new RequestFault(`${fault}: ${message}`, 'messages', 'invalid_value');
}
