import { z } from 'zod';
import { graph } from '../../../core/graph';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { run } from './event';

let reports: RunReport[];

beforeEach(() => {
  reports = [];
});

/** Runs an agent that answers a value. */
function answerOf(value: unknown) {
  const agent = graph('say', { input: z.object({}) })
    .compute('value', [], () => ({ value }))
    .output(['value'], ({ value }) => value.value);
  const handler = serve(agent, { config: { bindings: {} }, onRunEnd: (report) => reports.push(report) });
  return run(handler, 'say', {});
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

const secretive = {
  toJSON: () => {
    throw new RangeError('SECRET');
  },
};

test.each([
  ['a BigInt', 7n, 'output: JSON cannot hold it: it has a BigInt'],
  ['a cycle', cyclic, 'output: JSON cannot hold it: it refers to itself'],
  ['what refuses to be JSON', secretive, 'output: JSON cannot hold it: its writing threw a RangeError'],
  ['too much', 'x'.repeat(7_000_000), 'output: the answer has 7000006 bytes, the limit is 6225920'],
  // As text in the answer of the function, each quote is two characters.
  ['too many quotes', Array(1_300_000).fill(''), 'output: the answer has 6500003 bytes, the limit is 6225920'],
])('an output of %s is a fault of the agent, with the id of the run', async (_, value, detail) => {
  const { status, headers, body } = await answerOf(value);
  expect({ status, body }).toEqual({
    status: 500,
    body: {
      type: 'urn:compound:problem:agent-fault',
      title: 'The agent itself failed',
      status: 500,
      detail,
      runId: reports[0]!.runId,
      node: 'output',
    },
  });
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'compound-run-id': body.runId,
    'compound-cost-usd': '0.000000',
  });
});

test('a run whose output cannot be sent is reported as failed, once', async () => {
  await answerOf(7n);
  expect(reports).toMatchObject([{ record: { status: 'failed' }, error: { kind: 'failed', at: 'output' } }]);
});

test.each([
  ['undefined', undefined],
  ['a function', () => 7],
  ['null', null],
])('an output of %s is null', async (_, value) => {
  const { status, body } = await answerOf(value);
  expect({ status, body }).toEqual({ status: 200, body: { runId: reports[0]!.runId, output: null } });
});
