import { BrainError, type Model, RefusedError } from '../world/model';
import type { World } from '../world/world';
import { invokeContainer, streamContainer } from './container';
import { eventMessage } from './event-stream';
import {
  ACCOUNT,
  AwsError,
  type AwsRequest,
  type AwsResponse,
  headerOf,
  jsonResponse,
  type Operation,
  REGION,
} from './http';
import type { LocalAws } from './local-aws';
import { InvalidInputError } from './read-json';
import { sagemakerModels } from './sagemaker-models';
import { streamedResponse } from './streamed-response';

/** A container must answer within 60 s (InvokeEndpoint, Amazon SageMaker AI API Reference). */
const CONTAINER_TIMEOUT_MS = 60_000;

/** As documented: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html */
const NO_CAPACITY =
  'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';

const COMPONENT_REQUIRED =
  'Inference Component Name header is required for endpoints to which you plan to deploy inference components. Please include Inference Component Name header or consider using SageMaker models.';

const TIMED_OUT =
  'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';

const VARIANT = { 'x-amzn-invoked-production-variant': 'AllTraffic' };

export const invokeEndpoint: Operation = async (aws, request): Promise<AwsResponse> => {
  const model = modelOf(aws.world, request);
  const answer = await inContainer(aws, model, request, (signal) => invokeContainer(model, request.body, signal));
  return jsonResponse(answer, VARIANT);
};

/** What the container answers, as it comes. It has its minute for the first part. */
export const invokeEndpointWithResponseStream: Operation = (aws, request) => {
  const model = modelOf(aws.world, request);
  return streamedResponse(
    (send) =>
      inContainer(aws, model, request, (signal, isInTime) =>
        streamContainer(model, request.body, signal, (text) => {
          isInTime();
          send(eventMessage('PayloadPart', Buffer.from(text)));
        }),
      ),
    VARIANT,
  );
};

/** Invokes a container within its time, and tells its errors as SageMaker does. */
async function inContainer<T>(
  aws: LocalAws,
  model: Model,
  request: AwsRequest,
  invoke: (signal: AbortSignal, isInTime: () => void) => Promise<T>,
): Promise<T> {
  const { clock } = aws.world;
  const timeout = new AbortController();
  const timer = clock.setTimer(() => timeout.abort(new DOMException('', 'TimeoutError')), CONTAINER_TIMEOUT_MS);
  const isInTime = () => clock.clearTimer(timer);
  try {
    const signal = AbortSignal.any([request.signal, timeout.signal]);
    return await aws.measure(model, () => invoke(signal, isInTime));
  } catch (error) {
    if (error instanceof RefusedError) {
      throw error.refusal === 'throttled' ? modelError(429, 'Too many requests') : validationError(NO_CAPACITY);
    }
    if (error instanceof InvalidInputError) throw modelError(400, error.message);
    if (error instanceof BrainError) throw modelError(500, error.message);
    if (timeout.signal.aborted) throw modelError(0, TIMED_OUT);
    throw error;
  } finally {
    clock.clearTimer(timer);
  }
}

function modelOf(world: World, request: AwsRequest): Model {
  return findModel(world, request.resource, headerOf(request, 'x-amzn-sagemaker-inference-component'));
}

function findModel(world: World, endpointName: string, componentName: string | undefined): Model {
  const onEndpoint = sagemakerModels(world).filter(({ backend }) => backend.endpointName === endpointName);
  if (onEndpoint.length === 0) throw validationError(`Endpoint ${endpointName} of account ${ACCOUNT} not found.`);

  const found = onEndpoint.find(({ backend }) => backend.inferenceComponentName === componentName);
  if (found) return found.model;
  if (componentName === undefined) throw validationError(COMPONENT_REQUIRED);
  throw validationError(`Inference Component ${componentName} of account ${ACCOUNT} not found.`);
}

const validationError = (message: string) => new AwsError(400, 'ValidationError', { Message: message });

/** What SageMaker makes of a container's error. */
function modelError(containerStatus: number, containerMessage: string): AwsError {
  const fault = containerStatus >= 400 && containerStatus < 500 ? 'client' : 'server';
  return new AwsError(424, 'ModelError', {
    Message: `Received ${fault} error (${containerStatus}) from primary with message "${containerMessage}".`,
    OriginalStatusCode: containerStatus,
    OriginalMessage: containerMessage,
    LogStreamArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/sagemaker/InferenceComponents`,
  });
}
