import type {
  ConverseCommandInput,
  ConverseCommandOutput,
  ConverseStreamCommandInput,
  ConverseStreamOutput,
  ResponseStream,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockBinding } from '../../core/graph/binding';
import type { WireRequest } from './formats/codec';
import { FUNCTION_TIMEOUT_MS, perRegion, sdkConfig } from './sdk';
import { eventsOf } from './sdk-events';

/** A client of Bedrock Runtime for each region, made at the first call there. */
export function bedrockRuntime() {
  const runtime = perRegion(async (region) => {
    const {
      BedrockRuntimeClient,
      ConverseCommand,
      ConverseStreamCommand,
      InvokeModelCommand,
      InvokeModelWithResponseStreamCommand,
    } = await import('#cdk-compound-inference/bedrock-runtime');
    const client = new BedrockRuntimeClient(await sdkConfig(FUNCTION_TIMEOUT_MS, region));
    return {
      client,
      ConverseCommand,
      ConverseStreamCommand,
      InvokeModelCommand,
      InvokeModelWithResponseStreamCommand,
    };
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

    /** The bytes that the model answers: server-sent events cut wherever the service cuts them, or JSON on lines. */
    async *invokeModelStream(
      { modelId, region }: BedrockBinding,
      { contentType, body }: WireRequest,
      abortSignal: AbortSignal,
    ): AsyncGenerator<Uint8Array> {
      const { client, InvokeModelWithResponseStreamCommand } = await runtime(region);
      const command = new InvokeModelWithResponseStreamCommand({ modelId, contentType, body });
      const open = async (signal: AbortSignal) => (await client.send(command, { abortSignal: signal })).body;
      yield* onLines(eventsOf(open, abortSignal));
    },

    async *converseStream(
      { modelId, region }: BedrockBinding,
      request: Omit<ConverseStreamCommandInput, 'modelId'>,
      abortSignal: AbortSignal,
    ): AsyncGenerator<ConverseStreamOutput> {
      const { client, ConverseStreamCommand } = await runtime(region);
      const command = new ConverseStreamCommand({ modelId, ...request });
      yield* eventsOf(async (signal) => (await client.send(command, { abortSignal: signal })).stream, abortSignal);
    },
  };
}

/**
 * AWS does not say how imported models stream OpenAI chunks. Other models send one JSON document with each event, without
 * a line end, so that is given one; server-sent events, which begin otherwise, are left as they are.
 */
async function* onLines(events: AsyncIterable<ResponseStream>): AsyncGenerator<Uint8Array> {
  let isJson: boolean | undefined;
  for await (const { chunk } of events) {
    if (!chunk?.bytes?.length) continue;
    isJson ??= chunk.bytes[0] === '{'.charCodeAt(0);
    yield isJson ? Buffer.concat([chunk.bytes, LINE_END]) : chunk.bytes;
  }
}

const LINE_END = Buffer.from('\n');
