import { BrainError, type Model, RefusedError } from '../world/model';
import type { World } from '../world/world';
import { invokeContainer } from './container';
import { readConverse, writeConverse } from './converse';
import { AwsError, jsonResponse, type Operation } from './http';
import { InvalidInputError, readJson } from './read-json';

export const invokeModel: Operation = async (aws, request) => {
  const model = findModel(aws.world, request.resource);
  try {
    return jsonResponse(await aws.measure(model, () => invokeContainer(model, request.body, request.signal)));
  } catch (error) {
    throw bedrockError(error, request.resource);
  }
};

export const converse: Operation = async (aws, request) => {
  const model = findModel(aws.world, request.resource);
  if (model.kind !== 'chat-model') {
    throw bedrockException(400, 'ValidationException', 'This action does not support the model: it is no chat model.');
  }
  const { clock } = aws.world;
  const startedAtMs = clock.now();
  try {
    const answer = await aws.measure(model, async () =>
      model.answer(readConverse(readJson(request.body)), request.signal),
    );
    return jsonResponse(writeConverse(answer, clock.now() - startedAtMs));
  } catch (error) {
    throw bedrockError(error, request.resource);
  }
};

function findModel(world: World, modelId: string): Model {
  const model = world.models.find(({ backend }) => backend.type === 'bedrock' && backend.modelId === modelId);
  if (model) return model;
  throw bedrockException(
    404,
    'ResourceNotFoundException',
    `Could not resolve the foundation model from the model identifier: ${modelId}`,
  );
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
