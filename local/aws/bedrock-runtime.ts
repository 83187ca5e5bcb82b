import { BrainError, type ChatModel, type Model, RefusedError } from '../world/model';
import type { World } from '../world/world';
import { invokeContainer, streamChat } from './container';
import {
  CONVERSE_START,
  type ConverseEvent,
  readConverse,
  writeConverse,
  writeConverseEnd,
  writeDelta,
} from './converse';
import { eventMessage } from './event-stream';
import { AwsError, jsonResponse, type Operation } from './http';
import { InvalidInputError, readJson } from './read-json';
import { streamedResponse } from './streamed-response';

const STREAM_HEADERS = { 'x-amzn-bedrock-content-type': 'application/json' };

export const invokeModel: Operation = async (aws, request) => {
  const { resource, body, signal } = request;
  const model = findModel(aws.world, resource);
  return jsonResponse(await explained(resource, () => aws.measure(model, () => invokeContainer(model, body, signal))));
};

/** Of a chat model, chunks of an OpenAI chat completion, one in each event; of another, its answer in one. */
export const invokeModelWithResponseStream: Operation = (aws, request) => {
  const { resource, body, signal } = request;
  const model = findModel(aws.world, resource);
  return streamedResponse(async (sendMessage) => {
    const send = (document: unknown) => {
      const bytes = Buffer.from(JSON.stringify(document)).toString('base64');
      sendMessage(eventMessage('chunk', { bytes }));
    };
    const answer = async () => {
      if (model.kind === 'chat-model') await streamChat(model, readJson(body), signal, send);
      else send(await invokeContainer(model, body, signal));
    };
    await explained(resource, () => aws.measure(model, answer));
  }, STREAM_HEADERS);
};

export const converse: Operation = async (aws, request) => {
  const model = findChatModel(aws.world, request.resource);
  const { clock } = aws.world;
  const startedAtMs = clock.now();
  const answer = await explained(request.resource, () =>
    aws.measure(model, async () => model.answer(readConverse(readJson(request.body)), request.signal)),
  );
  return jsonResponse(writeConverse(answer, clock.now() - startedAtMs));
};

export const converseStream: Operation = (aws, request) => {
  const model = findChatModel(aws.world, request.resource);
  const { clock } = aws.world;
  const startedAtMs = clock.now();
  return streamedResponse(async (sendMessage) => {
    let hasBegun = false;
    const send = (event: ConverseEvent) => {
      if (!hasBegun) sendMessage(eventMessage(...CONVERSE_START));
      hasBegun = true;
      sendMessage(eventMessage(...event));
    };
    const answer = await explained(request.resource, () =>
      aws.measure(model, async () =>
        model.answer(readConverse(readJson(request.body)), request.signal, (text) => send(writeDelta(text))),
      ),
    );
    for (const event of writeConverseEnd(answer, clock.now() - startedAtMs)) send(event);
  });
};

function findChatModel(world: World, modelId: string): ChatModel {
  const model = findModel(world, modelId);
  if (model.kind === 'chat-model') return model;
  throw bedrockException(400, 'ValidationException', 'This action does not support the model: it is no chat model.');
}

function findModel(world: World, modelId: string): Model {
  const model = world.models.find(({ backend }) => backend.type === 'bedrock' && backend.modelId === modelId);
  if (model) return model;
  throw bedrockException(
    404,
    'ResourceNotFoundException',
    `Could not resolve the foundation model from the model identifier: ${modelId}`,
  );
}

/** What a call does, with errors as Bedrock tells them. */
async function explained<T>(modelId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw bedrockError(error, modelId);
  }
}

function bedrockError(error: unknown, modelId: string): unknown {
  if (error instanceof InvalidInputError) return bedrockException(400, 'ValidationException', error.message);
  if (error instanceof BrainError) {
    return bedrockException(424, 'ModelErrorException', error.message, {
      originalStatusCode: 500,
      resourceName: modelId,
    });
  }
  if (!(error instanceof RefusedError)) return error;
  return error.refusal === 'throttled'
    ? bedrockException(429, 'ThrottlingException', 'Too many requests, please wait before trying again.')
    : bedrockException(
        429,
        'ModelNotReadyException',
        'Model is not ready for inference. Wait and try your request again.',
      );
}

const bedrockException = (status: number, code: string, message: string, members: object = {}) =>
  new AwsError(status, code, { message, ...members });
