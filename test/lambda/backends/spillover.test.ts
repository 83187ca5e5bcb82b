import { z } from 'zod';
import { graph, model } from '../../../core/graph';
import { spilloverOf } from '../../../core/graph/alternatives';
import type { Bindings } from '../../../core/graph/binding';
import { Engine } from '../../../core/run';
import { callPolicies } from '../../../core/run/policies';
import { callerFor } from '../../../lambda/backends';
import { systemClock } from '../../../lambda/orchestrator/system-clock';
import { callOf, errorOf } from './call';
import { answer, awsError, Service, useAws } from './service';

const agent = graph('agent', { input: z.any() })
  .node('answer', { call: model('writer'), input: ({ input }) => input })
  .output(['answer'], ({ answer: said }) => said);

let fleet: Service;
let bedrock: Service;
let bindings: Bindings;

beforeAll(async () => {
  [fleet, bedrock] = [await Service.start(), await Service.start()];
  useAws(fleet, 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME');
  process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME = bedrock.url;
  bindings = {
    writer: {
      type: 'spillover',
      alternatives: [
        { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'writer', price: { perCallUsd: 1 } },
        { type: 'bedrock', modelId: 'imported', price: { perCallUsd: 2 } },
      ],
    },
  };
});

afterAll(() => Promise.all([fleet.stop(), bedrock.stop()]));

const engine = () =>
  new Engine({
    caller: callerFor(bindings),
    clock: systemClock,
    random: () => 0.5,
    policies: callPolicies({ spilloverOf: ({ name }) => spilloverOf(bindings, name) }),
  });

const said = {
  choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};
const NO_COPY =
  'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';

test('a fleet without a copy leaves the call to the imported model, whose answer has the same form', async () => {
  fleet.replies(answer(200, said));
  bedrock.replies(answer(200, said));
  const dedicated = await engine().run(agent, 'Hi');

  fleet.replies(awsError(400, 'ValidationError', NO_COPY));
  const serverless = await engine().run(agent, 'Hi');

  expect(serverless.output).toEqual(dedicated.output);
  expect(fleet.received[0]!.body).toBe(bedrock.received[0]!.body);
  expect(dedicated.record.nodes.answer!.calls[0]).toMatchObject({ alternative: 0, costUsd: 1 });
  expect(serverless.record.nodes.answer!.calls[0]).toMatchObject({
    alternative: 1,
    attempts: 2,
    coldMs: 0,
    costUsd: 2,
    spills: [{ alternative: 0, why: 'not-ready' }],
  });
});

test('each try goes to the backend that it names; without a name, to the first', async () => {
  fleet.replies(answer(200, said));
  bedrock.replies(answer(200, said));
  const caller = callerFor(bindings);
  await caller(callOf(model('writer'), 'Hi'));
  expect([fleet.received.length, bedrock.received.length]).toEqual([1, 0]);
  await caller(callOf(model('writer'), 'Hi', { alternative: 1 }));
  expect([fleet.received.length, bedrock.received.length]).toEqual([1, 1]);
});

test('a backend that the bindings no longer have may be there again at the next try', async () => {
  const error = await errorOf(callerFor(bindings)(callOf(model('writer'), 'Hi', { alternative: 2 })));
  expect(error).toMatchObject({ kind: 'retryable', message: 'component "writer" has no backend 2 any more' });
});
