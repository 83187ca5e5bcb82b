import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Component, model } from '../../../core/graph/component';
import { callerFor } from '../../../lambda/backends';
import { callOf, errorOf } from '../../lambda/backends/call';
import { useAws } from '../../lambda/backends/service';
import { rejectionOf, type Stack, settled, startStack, until, WARM_COMPONENT, WARM_IMPORTED_MODEL } from './stack';

/** 42 tokens: the prompt takes a copy some milliseconds, and each token about 12.7 ms. */
const TEXT = 'Grüße an die ganze 🙂 Welt. '.repeat(6);
const CHAT = { messages: [{ role: 'user', content: 'Greet the world, please.' }] };

const writer = model('writer');
const planner = model('planner');
const speaker = model('speaker', { format: 'converse' });
const BINDINGS = {
  writer: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer' },
  planner: { type: 'bedrock', modelId: 'imported-planner' },
  speaker: { type: 'bedrock', modelId: 'imported-planner' },
} as const;
const BACKENDS: [string, Component, string][] = [
  ['an endpoint', writer, 'sagemaker/writer'],
  ['an imported model', planner, 'bedrock/imported-planner'],
  ['Converse', speaker, 'bedrock/imported-planner'],
];

let stack: Stack;
let isThinking: boolean;

beforeEach(async () => {
  isThinking = false;
  const brain = () => TEXT;
  stack = await startStack([
    { kind: 'chat-model', backend: BINDINGS.writer, behaviour: WARM_COMPONENT, brain },
    { kind: 'chat-model', backend: BINDINGS.planner, behaviour: WARM_IMPORTED_MODEL, brain },
    {
      kind: 'chat-model',
      backend: { ...BINDINGS.writer, inferenceComponentName: 'broken' },
      behaviour: WARM_COMPONENT,
      brain: () => {
        throw new TypeError('CUDA out of memory');
      },
    },
    {
      kind: 'chat-model',
      backend: { ...BINDINGS.writer, inferenceComponentName: 'hung' },
      behaviour: WARM_COMPONENT,
      brain: () => {
        isThinking = true;
        return new Promise<string>(() => {});
      },
    },
    {
      kind: 'json-model',
      backend: { type: 'sagemaker', endpointName: 'classifier' },
      behaviour: WARM_COMPONENT,
      brain: () => 'spam',
    },
  ]);
  useAws(stack, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME');
});

afterEach(() => stack.close());

/** A call by the caller of the runtime, with what it has heard so far and when. */
function start(component: Component, signal = new AbortController().signal) {
  const parts: { readonly text: string; readonly atMs: number }[] = [];
  const progressMs: number[] = [];
  const result = callerFor(BINDINGS)(
    callOf(component, CHAT, {
      signal,
      onText: (text) => parts.push({ text, atMs: stack.clock.now() }),
      progress: () => progressMs.push(stack.clock.now()),
    }),
  );
  return { parts, progressMs, result };
}

/** Lets the world go on in small steps, and what it sends arrive before the next. */
async function live(untilTrue: () => boolean): Promise<void> {
  await until(() => {
    stack.clock.advance(1);
    return untilTrue();
  });
}

test.each(BACKENDS)('%s streams in parts, from the first token on, as fast as its copy', async (_, component, id) => {
  const call = start(component);
  let endMs: number | undefined;
  const over = call.result.finally(() => {
    endMs = stack.clock.now();
  });
  await until(() => stack.concurrencyOf(id) === 1);
  expect(call.progressMs).toEqual([]);
  await live(() => endMs !== undefined);
  await over;

  const [first] = call.parts;
  expect(call.parts.length).toBeGreaterThan(5);
  expect(call.parts.map(({ text }) => text).join('')).toBe(TEXT);
  expect(first!.text.length).toBeLessThanOrEqual(8);
  expect(call.progressMs[0]).toBeLessThanOrEqual(first!.atMs);
  expect(endMs! - first!.atMs).toBeGreaterThan(300);
});

test.each(BACKENDS)('%s answers the same as without a stream', async (_, component) => {
  const streamed = start(component);
  const streamedResult = await stack.inTime(streamed.result);
  const whole = await stack.inTime(callerFor(BINDINGS)(callOf(component, CHAT)));
  expect(streamedResult).toEqual(whole);
  expect(whole).toMatchObject({
    output: { text: TEXT, finishReason: 'stop' },
    usage: { outputTokens: Math.ceil(TEXT.length / 4) },
  });
});

test.each(BACKENDS)(
  '%s: a caller that goes away in the middle frees its place in the copy',
  async (_, component, id) => {
    const controller = new AbortController();
    const call = start(component, controller.signal);
    await until(() => stack.concurrencyOf(id) === 1);
    await live(() => call.parts.length === 2);
    controller.abort();
    expect(await errorOf(call.result)).toMatchObject({ kind: 'failed' });
    await until(() => stack.concurrencyOf(id) === 0);
    stack.clock.advance(60_000);
    await settled();
    expect(call.parts).toHaveLength(2);
  },
);

test('a stream takes its copy as long as an answer in one piece', async () => {
  const durationMs = async (call: () => Promise<unknown>) => {
    const startMs = stack.clock.now();
    let isOver = false;
    const over = call().finally(() => {
      isOver = true;
    });
    await until(() => stack.concurrencyOf('sagemaker/writer') === 1);
    stack.clock.advance(700);
    while (stack.concurrencyOf('sagemaker/writer') === 1) stack.clock.advance(1);
    const endMs = stack.clock.now();
    await until(() => isOver);
    await over;
    return endMs - startMs;
  };
  const whole = await durationMs(() => callerFor(BINDINGS)(callOf(writer, CHAT)));
  expect(whole).toBeGreaterThan(0);
  expect(await durationMs(() => start(writer).result)).toBe(whole);
});

test.each(BACKENDS)('%s: a fault is met before the stream begins', async (_, component) => {
  stack.aws.faults.add({
    calls: component === writer ? 'SageMakerRuntime' : 'BedrockRuntime',
    outcome: 'throttled',
    times: 1,
  });
  expect(await errorOf(start(component).result)).toMatchObject({ kind: 'throttled' });
  expect(await stack.inTime(start(component).result)).toMatchObject({ output: { text: TEXT } });
});

test('a stream that is lost breaks its connection', async () => {
  stack.aws.faults.add({ calls: 'BedrockRuntime.ConverseStream', outcome: 'lost', times: 1 });
  expect(await stack.inTime(errorOf(start(speaker).result))).toMatchObject({ kind: 'retryable' });
});

describe('the SDK clients', () => {
  let sagemaker: SageMakerRuntimeClient;
  let bedrock: BedrockRuntimeClient;

  beforeEach(() => {
    sagemaker = new SageMakerRuntimeClient(stack.clientConfig);
    bedrock = new BedrockRuntimeClient(stack.clientConfig);
  });

  afterEach(() => {
    sagemaker.destroy();
    bedrock.destroy();
  });

  async function textOf(inferenceComponentName: string | undefined, body: unknown, endpointName = 'fleet') {
    const command = new InvokeEndpointWithResponseStreamCommand({
      EndpointName: endpointName,
      InferenceComponentName: inferenceComponentName,
      Body: Buffer.from(JSON.stringify(body)),
    });
    const { Body, InvokedProductionVariant } = await sagemaker.send(command);
    expect(InvokedProductionVariant).toBe('AllTraffic');
    const bytes: Uint8Array[] = [];
    for await (const { PayloadPart } of Body ?? []) bytes.push(PayloadPart?.Bytes ?? new Uint8Array());
    return Buffer.concat(bytes).toString();
  }

  test('a container that is asked to stream writes server-sent events', async () => {
    const body = { ...CHAT, max_tokens: 2, stream: true, stream_options: { include_usage: true } };
    const text = await stack.inTime(textOf('writer', body));
    const [done, ...events] = text.trimEnd().split('\n\n').toReversed();
    expect(done).toBe('data: [DONE]');
    const chunks = events.toReversed().map((each) => JSON.parse(each.replace('data: ', '')));
    expect(chunks[0]).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
    });
    expect(chunks.slice(-2)).toMatchObject([
      { choices: [{ delta: {}, finish_reason: 'length' }] },
      { choices: [], usage: { prompt_tokens: 6, completion_tokens: 2, total_tokens: 8 } },
    ]);
  });

  test('a container that is not asked to stream, and a model that is no chat, answer one document', async () => {
    expect(JSON.parse(await stack.inTime(textOf('writer', CHAT)))).toMatchObject({ object: 'chat.completion' });
    expect(await stack.inTime(textOf(undefined, {}, 'classifier'))).toBe('"spam"');
  });

  test('what goes wrong before the first token is refused as without a stream', async () => {
    const body = { ...CHAT, stream: true };
    expect(await rejectionOf(textOf('broken', body))).toMatchObject({ name: 'ModelError', OriginalStatusCode: 500 });
    expect(await rejectionOf(textOf('writer', { stream: true }))).toMatchObject({ OriginalStatusCode: 400 });
    expect(await rejectionOf(textOf('nobody', body))).toMatchObject({ name: 'ValidationError' });
    const hung = rejectionOf(textOf('hung', body));
    await until(() => isThinking);
    stack.clock.advance(60_000);
    expect(await hung).toMatchObject({ name: 'ModelError', OriginalStatusCode: 0 });
  });

  test.each([
    ['HTTP/2', undefined],
    ['HTTP/1.1', new NodeHttpHandler()],
  ])('a model of Bedrock streams over %s', async (_, requestHandler) => {
    const client = new BedrockRuntimeClient({ ...stack.clientConfig, ...(requestHandler && { requestHandler }) });
    const converse = async () => {
      const { stream } = await client.send(
        new ConverseStreamCommand({
          modelId: 'imported-planner',
          messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
        }),
      );
      const names: string[] = [];
      let text = '';
      for await (const event of stream ?? []) {
        names.push(...Object.keys(event));
        text += event.contentBlockDelta?.delta?.text ?? '';
      }
      return { names, text };
    };
    const { names, text } = await stack.inTime(converse());
    expect(text).toBe(TEXT);
    expect([...new Set(names)]).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);

    const invoke = async () => {
      const command = new InvokeModelWithResponseStreamCommand({
        modelId: 'imported-planner',
        body: JSON.stringify(CHAT),
      });
      const chunks = [];
      for await (const { chunk } of (await client.send(command)).body ?? []) {
        chunks.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
      }
      return chunks.map(({ choices }) => choices[0].delta.content ?? '').join('');
    };
    expect(await stack.inTime(invoke())).toBe(TEXT);
    client.destroy();
  });

  test('Bedrock refuses a stream as it refuses an answer', async () => {
    const command = new ConverseStreamCommand({ modelId: 'nobody', messages: [] });
    expect(await rejectionOf(bedrock.send(command))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
