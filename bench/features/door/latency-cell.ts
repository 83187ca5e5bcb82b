// In a process of its own: reads the same models bare and through the streaming door, in turns.
// Arguments: URL of the models, URL of the gateway, pace, rounds. Sends `DoorLatency[]`.
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  InvokeEndpointWithResponseStreamCommand,
  type ResponseStream,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { answer } from '../../child.ts';
import { askAgent } from './ask-agent.ts';
import { serverSentEvents } from './server-sent-events.ts';

export interface DoorLatency {
  /** The agent, which bears the name of what its model is behind. */
  readonly agent: string;
  readonly bare: Latencies;
  readonly through: Latencies;
}

export interface Latencies {
  /** From the request to the first part of the text; of each round. */
  readonly firstMs: number[];
  /** Between two parts, over all rounds. */
  readonly gapsMs: number[];
}

type Ask = (question: string) => AsyncIterable<string>;

const [models, gateway, pace, rounds] = process.argv.slice(2);
const WARM_UPS = 20;

const service = {
  endpoint: models!,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true } }),
};
const bedrock = new BedrockRuntimeClient(service);
const sageMaker = new SageMakerRuntimeClient(service);
const bodyOf = (question: string) => JSON.stringify({ messages: [{ role: 'user', content: question }], stream: true });

async function* deltas(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const { data } of serverSentEvents(body)) {
    const text = data === '[DONE]' ? undefined : JSON.parse(data).choices[0]?.delta.content;
    if (text) yield text;
  }
}

async function* payloads(parts: AsyncIterable<ResponseStream>): AsyncGenerator<Uint8Array> {
  for await (const { PayloadPart } of parts) if (PayloadPart?.Bytes) yield PayloadPart.Bytes;
}

const BARE: Readonly<Record<string, Ask>> = {
  async *http(question) {
    const { body } = await fetch(`${models}/${pace}/chat/completions`, { method: 'POST', body: bodyOf(question) });
    yield* deltas(body!);
  },
  async *sagemaker(question) {
    const input = { EndpointName: pace, ContentType: 'application/json', Body: bodyOf(question) };
    const { Body } = await sageMaker.send(new InvokeEndpointWithResponseStreamCommand(input));
    yield* deltas(payloads(Body!));
  },
  async *bedrock(question) {
    const messages = [{ role: 'user' as const, content: [{ text: question }] }];
    const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId: pace, messages }));
    for await (const { contentBlockDelta } of stream!) {
      if (contentBlockDelta?.delta?.text) yield contentBlockDelta.delta.text;
    }
  },
};

async function read(ask: Ask, question: string, { firstMs, gapsMs }: Latencies): Promise<string> {
  let text = '';
  let lastMs = performance.now();
  for await (const part of ask(question)) {
    const nowMs = performance.now();
    (text === '' ? firstMs : gapsMs).push(nowMs - lastMs);
    lastMs = nowMs;
    text += part;
  }
  return text;
}

const none = (): Latencies => ({ firstMs: [], gapsMs: [] });

async function compare(agent: string, ask: Ask, count: number): Promise<DoorLatency> {
  const through: Ask = (question) => askAgent(gateway!, agent, question);
  const found = { agent, bare: none(), through: none() };
  for (let round = 0; round < count; round++) {
    // A word of its own each time, so that no answer can be taken for another.
    const question = `q${round}`;
    const texts: string[] = [];
    const turns = [() => read(ask, question, found.bare), () => read(through, question, found.through)];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) texts.push(await turn());
    if (texts[0] !== texts[1]) throw new Error(`of ${agent} was read "${texts[0]}" and "${texts[1]}"`);
  }
  return found;
}

// All before any is measured: what they share must not be cold for the first alone.
for (const [agent, ask] of Object.entries(BARE)) await compare(agent, ask, WARM_UPS);
const latencies: DoorLatency[] = [];
for (const [agent, ask] of Object.entries(BARE)) latencies.push(await compare(agent, ask, Number(rounds)));
answer(latencies);
