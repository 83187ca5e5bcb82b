import { randomUUID } from 'node:crypto';
import type { ChatModel, Model } from '../world/model';
import { chunkWriter, includesUsage, readChatCompletion, writeChatCompletion } from './chat-completions';
import { isRecord } from './http';
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

/** The same with an answer in parts: server-sent events if a chat model is asked for them, else the one document. */
export async function streamContainer(
  model: Model,
  body: Buffer,
  signal: AbortSignal,
  write: (text: string) => void,
): Promise<void> {
  const input = readJson(body);
  if (model.kind === 'json-model' || !isRecord(input) || input.stream !== true) {
    write(JSON.stringify(await invokeContainer(model, body, signal)));
    return;
  }
  await streamChat(model, input, signal, (chunk) => write(`data: ${JSON.stringify(chunk)}\n\n`));
  write('data: [DONE]\n\n');
}

/** @param send takes the chunks of an OpenAI chat completion, as the model's tokens come out */
export async function streamChat(
  model: ChatModel,
  input: unknown,
  signal: AbortSignal,
  send: (chunk: object) => void,
): Promise<void> {
  const request = readChatCompletion(isRecord(input) ? { ...input, stream: false } : input);
  const chunks = chunkWriter(randomUUID(), model.id);
  let hasBegun = false;
  const begin = () => {
    if (!hasBegun) send(chunks.delta({ role: 'assistant', content: '' }));
    hasBegun = true;
  };
  const answer = await model.answer(request, signal, (content) => {
    begin();
    send(chunks.delta({ content }));
  });
  begin();
  send(chunks.delta({}, answer.finishReason));
  if (includesUsage(input)) send(chunks.usage(answer.usage));
}
