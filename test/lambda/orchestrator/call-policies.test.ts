import { z } from 'zod';
import { type Bindings, graph, model } from '../../../core/graph';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { answer, Service } from '../backends/service';
import { completion } from './agents';
import { run } from './event';

const agent = graph('answers', { input: z.object({ question: z.string() }), budgetUsd: 1 })
  .node('answer', { call: model('writer', { singleFlight: true }), input: ({ input }) => input.question })
  .output(({ answer: { text } }) => text);

let dedicated: Service;
let serverless: Service;

beforeAll(async () => {
  [dedicated, serverless] = [await Service.start(), await Service.start()];
});

afterAll(() => Promise.all([dedicated.stop(), serverless.stop()]));

test('a served agent has the policies of its components and the spillover of its bindings', async () => {
  dedicated.replies(answer(503, '', { 'retry-after': '60' }));
  serverless.replies(answer(200, completion('Because.')));
  const reports: RunReport[] = [];
  const alternatives = [dedicated, serverless].map(({ url }) => ({ type: 'http' as const, url }));
  const handler = serve(agent, {
    config: { bindings: { writer: { type: 'spillover', alternatives } } },
    onRunEnd: (report) => reports.push(report),
  });

  const asked = [1, 2].map(() => run(handler, 'answers', { question: 'Why?' }));
  const answers = await Promise.all(asked);

  expect(answers.map(({ body }) => body.output)).toEqual(['Because.', 'Because.']);
  expect([dedicated.received.length, serverless.received.length]).toEqual([1, 1]);
  const calls = reports.map(({ record }) => record.nodes.answer!.calls[0]!);
  expect(calls).toMatchObject([
    { alternative: 1, spills: [{ alternative: 0, why: 'not-ready' }] },
    { alternative: 1, from: 'shared' },
  ]);
});

test('answers of the backends before are not given again once a component is bound to others', async () => {
  const [before, after] = [await Service.start(), await Service.start()];
  before.replies(answer(200, completion('Before.')));
  after.replies(answer(200, completion('After.')));
  const cached = graph('answers', { input: z.object({ question: z.string() }) })
    .node('answer', { call: model('writer', { cache: { forMs: 60_000 } }), input: ({ input }) => input.question })
    .output(({ answer: { text } }) => text);
  let bindings: Bindings = { writer: { type: 'http', url: before.url } };
  const config = {
    get bindings() {
      return bindings;
    },
  };
  const handler = serve(cached, { config, onRunEnd: () => {} });
  const said = async () => (await run(handler, 'answers', { question: 'Why?' })).body.output;
  expect([await said(), await said()]).toEqual(['Before.', 'Before.']);
  bindings = { writer: { type: 'http', url: after.url } };
  expect([await said(), await said()]).toEqual(['After.', 'After.']);
  expect([before.received.length, after.received.length]).toEqual([1, 1]);
  await Promise.all([before.stop(), after.stop()]);
});
