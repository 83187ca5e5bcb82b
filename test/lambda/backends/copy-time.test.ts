import { z } from 'zod';
import { type Binding, graph, model } from '../../../core/graph';
import { type Clock, Engine, type RunOptions, type RunResult } from '../../../core/run';
import { callerFor } from '../../../lambda/backends';
import { answer, awsError, type Reply, Service, useAws } from './service';

/** Time goes on only where a test says so. */
let nowMs: number;
const clock: Clock = { now: () => nowMs, setTimer: () => undefined, clearTimer: () => {} };

/** The service takes so long for what it does then. */
const after =
  (ms: number, reply: Reply): Reply =>
  (response, received) => {
    nowMs += ms;
    reply(response, received);
  };

const price = { perCopyHourUsd: 36, concurrencyPerCopy: 4 };
const agent = graph('agent', { input: z.any(), retry: { attempts: 1 } })
  .node('answer', { call: model('writer'), input: () => 'Write.', stream: true })
  .output(({ answer: { text } }) => text);

const completion = { choices: [{ message: { content: 'Hello.' }, finish_reason: 'stop' }] };

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME');
});

beforeEach(() => {
  nowMs = 0;
});

afterAll(() => service.stop());

function runOn(writer: Binding, options: RunOptions = {}): Promise<RunResult<string>> {
  const engine = new Engine({ caller: callerFor({ writer }), clock, random: () => 0 });
  return engine.run(agent, {}, options);
}

const component = { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer', price } as const;

test('a call of an inference component takes its share of a copy from the request to the answer', async () => {
  service.replies(after(2_000, answer(200, completion)));
  const { record } = await runOn(component);
  expect(record).toMatchObject({ copySeconds: 0.5, costUsd: 0.005 });
});

test('an answer that is streamed takes it until its last part', async () => {
  service.replies((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    nowMs += 500;
    response.write('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n');
    nowMs += 1_500;
    response.end('data: {"choices":[{"delta":{"content":"lo."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  });
  const parts: string[] = [];
  const onEvent: RunOptions['onEvent'] = (event) => event.type === 'text' && parts.push(event.text);
  const { output, record } = await runOn({ type: 'http', url: `${service.url}/v1`, price }, { onEvent });
  expect({ output, parts: parts.join('') }).toEqual({ output: 'Hello.', parts: 'Hello.' });
  expect(record.copySeconds).toBe(0.5);
});

test('a container that fails has worked, and a component without copies has not', async () => {
  service.replies(after(2_000, awsError(424, 'ModelError', 'bad', { OriginalStatusCode: 400 })));
  await expect(runOn(component)).rejects.toMatchObject({ record: { copySeconds: 0.5, costUsd: 0.005 } });
  service.replies(after(2_000, awsError(429, 'ThrottlingException', 'Rate exceeded')));
  await expect(runOn(component)).rejects.toMatchObject({
    record: expect.not.objectContaining({ copySeconds: expect.anything() }),
  });
});

test('of a backend whose copies have no price nothing is said', async () => {
  service.replies(after(2_000, answer(200, completion)));
  const { record } = await runOn({ ...component, price: { perCallUsd: 1 } });
  expect(record).not.toHaveProperty('copySeconds');
  expect(record.costUsd).toBe(1);
});
