import type { ServerResponse } from 'node:http';
import { type Component, model } from '../../../core/graph/component';
import type { Caller, CallResult } from '../../../core/run/call';
import { callerFor } from '../../../lambda/backends';
import { MAX_ANSWER_BYTES } from '../../../lambda/backends/answer-limit';
import { eventMessage, exceptionMessage } from '../../../local/aws/event-stream';
import { callOf, errorOf, printed } from './call';
import { answer, awsError, closed, type Reply, Service, useAws } from './service';

const onSageMaker = model('onSageMaker');
const onBedrock = model('onBedrock');
const onHttp = model('onHttp');
const byConverse = model('byConverse', { format: 'converse' });

let service: Service;
let call: Caller;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME');
  const price = { perMillionInputTokensUsd: 1, perMillionOutputTokensUsd: 3 };
  call = callerFor({
    onSageMaker: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer-8b', price },
    onBedrock: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc', price },
    onHttp: { type: 'http', url: `${service.url}/v1`, model: 'qwen3', price },
    byConverse: { type: 'bedrock', modelId: 'amazon.nova-lite-v1:0', price },
  });
});

afterAll(() => service.stop());

type Message = Buffer | string;

function inParts(parts: readonly Message[], headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(200, headers);
    for (const part of parts) response.write(part);
    response.end();
  };
}

const sse = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const delta = (content: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason }],
});
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null };
const USAGE = { choices: [], usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 } };
const DONE = 'data: [DONE]\n\n';

const CHUNKS = [delta(''), delta('Grüße, '), delta('🙂 Welt'), delta('.'), FINISH, USAGE];
const payloadPart = (bytes: Uint8Array | string) => eventMessage('PayloadPart', Buffer.from(bytes));
const chunk = (document: unknown) =>
  eventMessage('chunk', { bytes: Buffer.from(JSON.stringify(document)).toString('base64') });
const textChunk = (text: string) => eventMessage('chunk', { bytes: Buffer.from(text).toString('base64') });
const textDelta = (text: string) => eventMessage('contentBlockDelta', { delta: { text }, contentBlockIndex: 0 });

const CONVERSE = [
  eventMessage('messageStart', { role: 'assistant' }),
  eventMessage('contentBlockDelta', { delta: { reasoningContent: { text: 'hm' } }, contentBlockIndex: 0 }),
  textDelta('Grüße, '),
  textDelta('🙂 Welt'),
  textDelta('.'),
  eventMessage('contentBlockStop', { contentBlockIndex: 0 }),
  eventMessage('messageStop', { stopReason: 'end_turn' }),
  eventMessage('metadata', {
    usage: { inputTokens: 1000, outputTokens: 100, totalTokens: 1100 },
    metrics: { latencyMs: 5 },
  }),
];

const usage = { inputTokens: 1000, outputTokens: 100 };
const WHOLE = { output: { text: 'Grüße, 🙂 Welt.', finishReason: 'stop', usage }, usage, costUsd: 0.0013 };

async function stream(component: Component): Promise<{ result: CallResult; parts: string[] }> {
  const parts: string[] = [];
  const result = await call(callOf(component, 'Hi', { onText: (text) => parts.push(text) }));
  return { result, parts };
}

const IMPORTED = '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aimported-model%2Fabc';

interface Backend {
  readonly name: string;
  readonly component: Component;
  readonly path: string;
  /** Up to the first that has text. */
  readonly first: readonly Message[];
  readonly rest: readonly Message[];
}

function backend(name: string, component: Component, path: string, parts: readonly Message[], texts = 2): Backend {
  return { name, component, path, first: parts.slice(0, texts), rest: parts.slice(texts) };
}

const BACKENDS: readonly Backend[] = [
  backend('SageMaker', onSageMaker, '/endpoints/fleet/invocations-response-stream', [
    ...CHUNKS.map((each) => payloadPart(sse(each))),
    payloadPart(DONE),
  ]),
  backend('Bedrock in JSON', onBedrock, `${IMPORTED}/invoke-with-response-stream`, CHUNKS.map(chunk)),
  backend('Bedrock in server-sent events', onBedrock, `${IMPORTED}/invoke-with-response-stream`, [
    ...CHUNKS.map((each) => textChunk(sse(each))),
    textChunk(DONE),
  ]),
  backend('Converse', byConverse, '/model/amazon.nova-lite-v1%3A0/converse-stream', CONVERSE, 3),
  backend('HTTP', onHttp, '/v1/chat/completions', [...CHUNKS.map(sse), DONE]),
];

const partsOf = (component: Component) => BACKENDS.find((each) => each.component === component)!;
const bytesOf = (parts: readonly Message[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

test.each(BACKENDS)(
  '$name: what it says is passed on, and the whole answer comes at the end',
  async ({ component, path, first, rest }) => {
    service.replies(inParts([...first, ...rest]));
    const { result, parts } = await stream(component);
    expect(result).toEqual(WHOLE);
    expect(parts.join('')).toBe('Grüße, 🙂 Welt.');
    expect(parts).not.toContain('');
    expect(service.received[0]!.path).toBe(path);
  },
);

test.each(BACKENDS)(
  '$name: a part is passed on while the rest is not even written',
  async ({ component, first, rest }) => {
    let goOn = () => {};
    service.replies((response) => {
      response.write(bytesOf(first));
      goOn = () => response.end(bytesOf(rest));
    });
    const heard: string[] = [];
    let progresses = 0;
    const onText = (text: string) => {
      heard.push(text);
      if (heard.length === 1) goOn();
    };
    const progress = () => {
      progresses++;
    };
    await expect(call(callOf(component, 'Hi', { onText, progress }))).resolves.toEqual(WHOLE);
    expect(heard[0]).toBe('Grüße, ');
    expect(heard.join('')).toBe('Grüße, 🙂 Welt.');
    expect(progresses).toBeGreaterThanOrEqual(2);
  },
);

test.each(BACKENDS)('$name: bytes that come one by one make the same answer', async ({ component, first, rest }) => {
  service.replies((response) => {
    response.socket?.setNoDelay(true);
    for (const byte of bytesOf([...first, ...rest])) response.write(Buffer.from([byte]));
    response.end();
  });
  const { result, parts } = await stream(component);
  expect(result).toEqual(WHOLE);
  expect(parts.join('')).toBe('Grüße, 🙂 Welt.');
});

test('parts that are cut inside of a character make the same answer', async () => {
  const bytes = Buffer.from([...CHUNKS.map(sse), DONE].join(''));
  service.replies(inParts([...bytes].map((byte) => payloadPart(Buffer.from([byte])))));
  const { result, parts } = await stream(onSageMaker);
  expect(result).toEqual(WHOLE);
  expect(parts).toEqual(['Grüße, ', '🙂 Welt', '.']);
});

test.each(BACKENDS)('$name: an abort in the middle closes the connection', async ({ component, first, rest }) => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      response.write(bytesOf([...first, ...rest]));
    });
  });
  const heard: string[] = [];
  const onText = (text: string) => {
    heard.push(text);
    controller.abort();
  };
  const error = await errorOf(call(callOf(component, 'Hi', { onText, signal: controller.signal })));
  expect(error).toMatchObject({ kind: 'failed', message: `component "${component.name}" is no longer waited for` });
  await upstream;
  expect(heard).toHaveLength(1);
});

test.each(BACKENDS)('$name: an abort before the first part closes the connection', async ({ component }) => {
  const controller = new AbortController();
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      controller.abort();
    });
  });
  const reader = { onText: () => {}, signal: controller.signal };
  await expect(errorOf(call(callOf(component, 'Hi', reader)))).resolves.toMatchObject({ kind: 'failed' });
  await upstream;
});

test.each(BACKENDS)('$name: a call that is aborted before it starts makes no request', async ({ component }) => {
  service.replies(inParts([]));
  await errorOf(call(callOf(component, 'Hi', { onText: () => {}, signal: AbortSignal.abort() })));
  expect(service.received).toHaveLength(0);
});

test.each(BACKENDS)(
  '$name: a connection that breaks in the middle may be tried again',
  async ({ component, first }) => {
    service.replies((response) => {
      response.write(bytesOf(first), () => response.destroy());
    });
    await expect(errorOf(stream(component))).resolves.toMatchObject({ kind: 'retryable' });
    expect(service.received).toHaveLength(1);
  },
);

test.each(BACKENDS)(
  '$name: an answer is whole when it says so, and a connection that is then left open is closed',
  async ({ component, first, rest }) => {
    const upstream = new Promise((resolve) => {
      service.replies((response) => {
        resolve(closed(response));
        response.write(bytesOf([...first, ...rest]));
      });
    });
    const { result } = await stream(component);
    expect(result).toEqual(WHOLE);
    await upstream;
  },
);

test.each(BACKENDS)('$name: a stream that ends before its answer is no answer', async ({ component, first }) => {
  service.replies(inParts(first));
  await expect(errorOf(stream(component))).resolves.toMatchObject({
    kind: 'retryable',
    message: `component "${component.name}" broke off its answer: StreamBroken`,
  });
});

test.each(BACKENDS)(
  '$name: the next call uses the connection of the one before',
  async ({ component, first, rest }) => {
    service.replies(inParts([...first, ...rest]));
    await stream(component);
    const connections = service.sockets.length;
    // `fetch` takes its connection back a moment after the end of the body.
    await new Promise(setImmediate);
    await stream(component);
    expect(service.sockets).toHaveLength(connections);
  },
);

test.each([
  [onSageMaker, { Message: 'slow', ErrorCode: 'ModelInvocationTimeExceeded' }, 'ModelStreamError', 'timed-out'],
  [onSageMaker, { Message: 'reset', ErrorCode: 'StreamBroken' }, 'ModelStreamError', 'retryable'],
  [onSageMaker, { Message: 'secret' }, 'InternalStreamFailure', 'retryable'],
  [onSageMaker, { message: 'secret' }, 'UnheardOf', 'retryable'],
  [onBedrock, { message: 'retry', originalStatusCode: 429 }, 'modelStreamErrorException', 'throttled'],
  [onBedrock, { message: 'retry' }, 'modelStreamErrorException', 'retryable'],
  [onBedrock, { message: 'no' }, 'validationException', 'invalid'],
  [onBedrock, { message: 'slow' }, 'modelTimeoutException', 'timed-out'],
  [byConverse, { message: 'later' }, 'throttlingException', 'throttled'],
  [byConverse, { message: 'oops' }, 'internalServerException', 'retryable'],
  [byConverse, { message: 'oops' }, 'serviceUnavailableException', 'retryable'],
])('$name breaks off with %j of %s', async (component, members, type, kind) => {
  service.replies(inParts([...partsOf(component).first, exceptionMessage(type, members)]));
  const error = await errorOf(stream(component));
  expect(error.kind).toBe(kind);
  expect(error.message.toLowerCase()).toBe(`component "${component.name}" broke off its answer: ${type}`.toLowerCase());
  expect(error.message).not.toContain('secret');
});

test.each([
  [{ error: { message: 'secret', type: 'BadRequestError', code: 400 } }, 'invalid', 'BadRequestError'],
  [{ error: { message: 'secret', type: 'rate_limit', code: 429 } }, 'throttled', 'rate_limit'],
  [{ error: { message: 'secret', code: 500 } }, 'retryable', 'error 500'],
  [{ error: { message: 'secret', code: 'server_error' } }, 'retryable', 'server_error'],
  [{ error: 'secret' }, 'retryable', 'error of the server'],
])('a server that has begun to answer breaks off with %j', async (document, kind, code) => {
  service.replies(inParts([sse(delta('Half')), sse(document)]));
  const error = await errorOf(stream(onHttp));
  expect(error).toMatchObject({ kind, message: `component "onHttp" broke off its answer: ${code}` });
});

test('a server error in the middle of a stream closes its connection', async () => {
  const upstream = new Promise((resolve) => {
    service.replies((response) => {
      resolve(closed(response));
      response.write(payloadPart(sse({ error: { code: 500 } })));
    });
  });
  await errorOf(stream(onSageMaker));
  await upstream;
});

const REFUSALS: [string, Component, Reply, string][] = [
  ['SageMaker', onSageMaker, awsError(400, 'ValidationError', 'has no capacity to process this request'), 'not-ready'],
  ['Bedrock', onBedrock, awsError(429, 'ModelNotReadyException', 'wait'), 'not-ready'],
  ['Bedrock, out of a model', onBedrock, awsError(424, 'ModelStreamErrorException', 'retry'), 'retryable'],
  ['Converse', byConverse, awsError(429, 'ThrottlingException', 'later'), 'throttled'],
  ['HTTP', onHttp, answer(503, {}, { 'retry-after': '2' }), 'not-ready'],
];

test.each(REFUSALS)(
  '%s: a call that is refused fails as one that does not stream',
  async (_, component, reply, kind) => {
    service.replies(reply);
    await expect(errorOf(stream(component))).resolves.toMatchObject({ kind });
  },
);

test.each([onSageMaker, onBedrock, onHttp])('$name is asked to stream, and to tell its tokens', async (component) => {
  const { first, rest } = partsOf(component);
  service.replies(inParts([...first, ...rest]));
  await stream(component);
  expect(JSON.parse(service.received[0]!.body)).toMatchObject({
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('without a reader nothing is streamed', async () => {
  service.replies(answer(200, { choices: [{ message: { content: 'Hello.' }, finish_reason: 'stop' }] }));
  await call(callOf(onSageMaker, 'Hi'));
  expect(service.received[0]!.path).toBe('/endpoints/fleet/invocations');
  expect(service.received[0]!.body).toBe('{"messages":[{"role":"user","content":"Hi"}]}');
});

const COMPLETION = {
  choices: [{ message: { role: 'assistant', content: 'Grüße, 🙂 Welt.' }, finish_reason: 'stop' }],
  usage: USAGE.usage,
};

test.each([
  ['on one line', JSON.stringify(COMPLETION)],
  ['on many lines', JSON.stringify(COMPLETION, null, 2)],
  ['after a line of its own', `\n${JSON.stringify(COMPLETION)}\n`],
])('a server that does not stream answers a document %s', async (_, body) => {
  service.replies(answer(200, body));
  const { result, parts } = await stream(onHttp);
  expect(result).toEqual(WHOLE);
  expect(parts.join('')).toBe('Grüße, 🙂 Welt.');
});

test('a container may write its chunks as lines of JSON', async () => {
  service.replies(inParts([payloadPart(CHUNKS.map((each) => JSON.stringify(each)).join('\n'))]));
  const { result, parts } = await stream(onSageMaker);
  expect(result).toEqual(WHOLE);
  expect(parts.join('')).toBe('Grüße, 🙂 Welt.');
});

test('tools, reasoning and what is not understood are passed over', async () => {
  const chunks = [
    delta(undefined),
    { choices: [{ delta: { reasoning_content: 'hm', content: null } }] },
    { choices: [{ delta: { tool_calls: [{ index: 0 }] } }] },
    {},
    delta('Hello.', 'length'),
  ];
  service.replies(inParts(chunks.map(sse)));
  await expect(stream(onHttp)).resolves.toMatchObject({
    result: { output: { text: 'Hello.', finishReason: 'length' }, costUsd: 0 },
    parts: ['Hello.'],
  });
});

test.each([
  ['nothing', '', 'expected server-sent events or a JSON document'],
  ['a page', '<html>secret</html>', 'expected server-sent events or a JSON document'],
  ['data that is no JSON', 'data: secret\n\n', 'expected a JSON document'],
  ['JSON that is no completion', '{"secret":"words"}', 'expected a text at choices[0].message.content'],
  [
    'a call of a tool',
    sse({ choices: [{ delta: { tool_calls: [] }, finish_reason: 'tool_calls' }] }),
    'expected a text at choices[0].delta.content',
  ],
])('a stream of %s fails without a word of it', async (_, body, expected) => {
  service.replies(inParts([body]));
  const error = await errorOf(stream(onHttp));
  expect(error).toMatchObject({
    kind: 'failed',
    message: `component "onHttp" cannot decode its answer as openai-chat: ${expected}`,
  });
  expect(printed(error)).not.toContain('secret');
});

test('events without data are passed over', async () => {
  service.replies(inParts(['data:\n\n', sse(delta('Hello.')), 'data: \n\n', sse(FINISH), DONE]));
  await expect(stream(onHttp)).resolves.toMatchObject({ parts: ['Hello.'] });
});

test('of several choices the first is read', async () => {
  const choice = (index: number, content: string, finish_reason: string | null = null) =>
    sse({ choices: [{ index, delta: { content }, finish_reason }], usage: USAGE.usage });
  service.replies(
    inParts([choice(0, 'Hel'), choice(1, 'Good', 'length'), choice(0, 'lo.', 'stop'), choice(1, 'bye.'), DONE]),
  );
  const { result, parts } = await stream(onHttp);
  expect(result.output).toMatchObject({ text: 'Hello.', finishReason: 'stop' });
  expect(parts.join('')).toBe('Hello.');
});

test('neither headers nor comments are progress', async () => {
  let isAnswered = false;
  service.replies((response: ServerResponse) => {
    response.flushHeaders();
    response.write(': ping\n\n');
    setImmediate(() => {
      isAnswered = true;
      response.end(sse(delta('Hello.', 'stop')));
    });
  });
  const seen: boolean[] = [];
  await call(callOf(onHttp, 'Hi', { onText: () => {}, progress: () => seen.push(isAnswered) }));
  expect(seen).toEqual([true]);
});

test.each([
  ['HTTP', onHttp, sse(delta('x'.repeat(1024 * 1024)))],
  ['Converse', byConverse, textDelta('x'.repeat(1024 * 1024))],
])('%s: a stream without end is given up', async (_, component, part) => {
  service.replies((response) => {
    const more = () => {
      while (response.write(part));
      response.once('drain', more);
    };
    more();
  });
  await expect(errorOf(stream(component))).resolves.toMatchObject({
    kind: 'failed',
    message: `component "${component.name}" answered with more than ${MAX_ANSWER_BYTES} bytes`,
  });
});
