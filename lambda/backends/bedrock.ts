import type { ConverseCommandInput, ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockBinding } from '../../core/graph/binding';
import type { WireRequest } from './formats/codec';
import { FUNCTION_TIMEOUT_MS, perRegion, sdkConfig } from './sdk';

/** A client of Bedrock Runtime for each region, made at the first call there. */
export function bedrockRuntime() {
  const runtime = perRegion(async (region) => {
    const { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } = await import(
      '@aws-sdk/client-bedrock-runtime'
    );
    const client = new BedrockRuntimeClient(await sdkConfig(FUNCTION_TIMEOUT_MS, region));
    return { client, ConverseCommand, InvokeModelCommand };
  });

  return {
    async invokeModel(
      { modelId, region }: BedrockBinding,
      { contentType, body }: WireRequest,
      abortSignal: AbortSignal,
    ): Promise<Uint8Array> {
      const { client, InvokeModelCommand } = await runtime(region);
      const answer = await client.send(new InvokeModelCommand({ modelId, contentType, body }), { abortSignal });
      return answer.body;
    },

    async converse(
      { modelId, region }: BedrockBinding,
      request: Omit<ConverseCommandInput, 'modelId'>,
      abortSignal: AbortSignal,
    ): Promise<ConverseCommandOutput> {
      const { client, ConverseCommand } = await runtime(region);
      return client.send(new ConverseCommand({ modelId, ...request }), { abortSignal });
    },
  };
}
