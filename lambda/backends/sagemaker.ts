import type { SageMakerBinding } from '../../core/graph/binding';
import type { WireRequest } from './formats/codec';
import { perRegion, sdkConfig } from './sdk';

/**
 * A container may take 60 s; AWS asks for a socket timeout of 70 s.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
const SOCKET_TIMEOUT_MS = 70_000;

export type InvokeEndpoint = (
  binding: SageMakerBinding,
  request: WireRequest,
  abortSignal: AbortSignal,
) => Promise<Uint8Array>;

/** A client of SageMaker Runtime for each region, made at the first call there. */
export function sageMakerRuntime(): InvokeEndpoint {
  const runtime = perRegion(async (region) => {
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import('@aws-sdk/client-sagemaker-runtime');
    return { client: new SageMakerRuntimeClient(await sdkConfig(SOCKET_TIMEOUT_MS, region)), InvokeEndpointCommand };
  });
  return async ({ endpointName, inferenceComponentName, region }, { contentType, body }, abortSignal) => {
    const { client, InvokeEndpointCommand } = await runtime(region);
    const command = new InvokeEndpointCommand({
      EndpointName: endpointName,
      InferenceComponentName: inferenceComponentName,
      ContentType: contentType,
      Body: body,
    });
    const { Body } = await client.send(command, { abortSignal });
    return Body ?? new Uint8Array();
  };
}
