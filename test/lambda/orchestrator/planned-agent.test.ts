import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { reportRun } from '../../../lambda/telemetry/report';
import { answer, type Reply, Service } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion } from './agents';
import { run } from './event';

const search = tool('search', {
  input: z.object({ query: z.string() }),
  output: z.object({ passages: z.array(z.string()) }),
});

const agent = graph('researcher', { input: z.object({ question: z.string() }) })
  .plan('research', { call: model('planner'), tools: [search], input: ({ input }) => input.question, repairs: 0 })
  .output(['research'], ({ research }) => research.output);

let planner: Service;
let tools: Service;

beforeAll(async () => {
  [planner, tools] = [await Service.start(), await Service.start()];
});

afterAll(() => Promise.all([planner.stop(), tools.stop()]));

const FOUND = { passages: ['Because.'] };

const ask = (plan: unknown, onRunEnd?: (report: RunReport) => unknown, search: Reply = answer(200, FOUND)) => {
  planner.replies(answer(200, completion(JSON.stringify(plan))));
  tools.replies(search);
  const reports: RunReport[] = [];
  const handler = serve(agent, {
    config: { bindings: { planner: { type: 'http', url: planner.url }, search: { type: 'http', url: tools.url } } },
    onRunEnd: (report) => {
      reports.push(report);
      return onRunEnd?.(report);
    },
  });
  return run(handler, 'researcher', { question: 'Why?' }).then((answered) => ({
    ...answered,
    record: reports[0]!.record,
  }));
};

const TASK = { id: 't1', tool: 'search', input: { query: 'why' } };

test('a served agent carries out what its planner writes', async () => {
  const { status, body, headers, record } = await ask({ tasks: [TASK], output: { $from: 't1.passages[0]' } });
  expect({ status, output: body.output }).toEqual({ status: 200, output: 'Because.' });
  expect(record.nodes).toHaveProperty(['research/t1', 'status'], 'succeeded');
  // Neither slash nor colon is a part of a name there.
  expect(headers['server-timing']).toMatch(/, research;dur=[\d.]+, research\.1\.search;dur=[\d.]+$/);
});

test('what a planner writes wrong is not repeated to the caller', async () => {
  const { status, body } = await ask({ tasks: [{ ...TASK, tool: 'secret-tool' }], output: 1 });
  expect(status).toBe(502);
  expect(body.detail).toBe(
    'research: the planner made no valid plan: the last has 1 fault(s), the first in tasks[0].tool',
  );
});

test('the ids that a planner chooses are in the record, and neither logged nor answered', async () => {
  const output = new OutputOfProcess();
  try {
    const tasks = [TASK, { id: 'SECRET-7d1f', tool: 'search', input: { query: { $from: 't1.passages[7]' } } }];
    const { status, body, headers, record } = await ask({ tasks, output: 1 }, reportRun);
    expect(status).toBe(502);
    expect(record.nodes).toHaveProperty('research/SECRET-7d1f');
    expect(JSON.stringify([body, headers])).not.toMatch(/SECRET|t1/);
    expect(output.text).not.toMatch(/SECRET|t1/);
  } finally {
    output.restore();
  }
});

test('a task that failed is named by its place and its tool', async () => {
  const output = new OutputOfProcess();
  try {
    const tasks = [TASK, { ...TASK, id: 'SECRET-7d1f', input: { query: { $from: 't1.passages[0]' } } }];
    const failing: Reply = (response, received) =>
      answer(received.body.includes('Because') ? 500 : 200, FOUND)(response, received);
    const { body } = await ask({ tasks, output: 1 }, reportRun, failing);
    expect(body).toMatchObject({
      detail: 'research/2:search: component "search" was answered HTTP 500',
      node: 'research/2:search',
    });
    const line = output.lines.map((each) => JSON.parse(each)).find(({ message }) => message === 'run failed');
    expect(line.criticalPath).toEqual(['research', 'research/1:search', 'research/2:search']);
    expect(line.errors).toMatchObject([{ at: 'research/2:search' }]);
    expect(output.text).not.toContain('SECRET');
  } finally {
    output.restore();
  }
});
