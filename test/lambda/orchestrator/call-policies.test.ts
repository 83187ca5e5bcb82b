import { z } from 'zod';
import { graph, model } from '../../../core/graph';
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
