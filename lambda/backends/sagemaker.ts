import type { InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { SageMakerBinding } from '../../core/graph/binding';
import type { WireRequest } from './formats/codec';
import { perRegion, sdkConfig } from './sdk';
import { eventsOf } from './sdk-events';

/**
 * A container may take 60 s; AWS asks for a socket timeout of 70 s.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
const SOCKET_TIMEOUT_MS = 70_000;

/** A client of SageMaker Runtime for each region, made at the first call there. */
export function sageMakerRuntime() {
  const runtime = perRegion(async (region) => {
    const { InvokeEndpointCommand, InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } = await import(
      '#cdk-compound-inference/sagemaker-runtime'
    );
    const client = new SageMakerRuntimeClient(await sdkConfig(SOCKET_TIMEOUT_MS, region));
    return { client, InvokeEndpointCommand, InvokeEndpointWithResponseStreamCommand };
  });

  return {
    async invoke(binding: SageMakerBinding, request: WireRequest, abortSignal: AbortSignal): Promise<Uint8Array> {
      const { client, InvokeEndpointCommand } = await runtime(binding.region);
      const { Body } = await client.send(new InvokeEndpointCommand(inputOf(binding, request)), { abortSignal });
      return Body ?? new Uint8Array();
    },

    /** The bytes that the container answers, cut wherever the service cuts them. */
    async *stream(
      binding: SageMakerBinding,
      request: WireRequest,
      abortSignal: AbortSignal,
    ): AsyncGenerator<Uint8Array> {
      const { client, InvokeEndpointWithResponseStreamCommand } = await runtime(binding.region);
      const command = new InvokeEndpointWithResponseStreamCommand(inputOf(binding, request));
      const open = async (signal: AbortSignal) => (await client.send(command, { abortSignal: signal })).Body;
      for await (const { PayloadPart } of eventsOf(open, abortSignal)) if (PayloadPart?.Bytes) yield PayloadPart.Bytes;
    },
  };
}

function inputOf(
  { endpointName, inferenceComponentName }: SageMakerBinding,
  { contentType, body }: WireRequest,
): InvokeEndpointCommandInput {
  return {
    EndpointName: endpointName,
    InferenceComponentName: inferenceComponentName,
    ContentType: contentType,
    Body: body,
  };
}
