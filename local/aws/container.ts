import { randomUUID } from 'node:crypto';
import type { Model } from '../world/model';
import { readChatCompletion, writeChatCompletion } from './chat-completions';
import { readJson } from './read-json';

/**
 * The model's own HTTP server, from request body to response document: OpenAI chat completions for a chat model, plain
 * JSON for another.
 *
 * @throws InvalidInputError, or what the model's `answer` rejects with.
 */
export async function invokeContainer(model: Model, body: Buffer, signal: AbortSignal): Promise<unknown> {
  const input = readJson(body);
  if (model.kind === 'json-model') return model.answer(input, signal);
  const answer = await model.answer(readChatCompletion(input), signal);
  return writeChatCompletion(answer, randomUUID(), model.id);
}
