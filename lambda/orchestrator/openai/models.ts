import { RequestFault } from '../../../core/api/openai/request-fault';
import type { ChatRequest } from '../../../core/graph/chat';
import { type ChatModel, chatModelOf, NoUserMessage } from '../../../core/graph/chat-model';
import type { Graph } from '../../../core/graph/graph';
import { logFault } from '../../telemetry/log';
import { Problem } from '../problem';

/** An agent that is a model of this door. */
export interface Model {
  readonly agent: Graph;
  readonly chat: ChatModel;
}

/** Those of the agents that are models, by name. */
export function modelsOf(agents: Iterable<Graph>): ReadonlyMap<string, Model> {
  const models = new Map<string, Model>();
  for (const agent of agents) {
    const chat = chatModelOf(agent.definition);
    if (chat) models.set(agent.name, { agent, chat });
  }
  return models;
}

/** @throws Problem if there is none */
export function modelNamed(models: ReadonlyMap<string, Model>, name: string): Model {
  const model = models.get(name);
  if (model) return model;
  const known = models.size > 0 ? `the models are: ${[...models.keys()].join(', ')}` : 'no agent here takes chats';
  throw new Problem('not-found', `no model is named ${JSON.stringify(name.slice(0, 80))}; ${known}`);
}

/** The input of the run that answers a conversation. @throws RequestFault, Problem */
export function inputFor({ agent, chat }: Model, request: ChatRequest, runId: string): unknown {
  try {
    return chat.input(request);
  } catch (error) {
    if (error instanceof NoUserMessage) throw new RequestFault(error.message, 'messages', 'invalid_value');
    logFault(runId, agent.name, error);
    throw new Problem('agent-fault', 'the function that makes the input of a conversation threw an error', { runId });
  }
}
