import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { answer, Service } from '../backends/service';
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

const ask = (plan: unknown) => {
  planner.replies(answer(200, completion(JSON.stringify(plan))));
  tools.replies(answer(200, { passages: ['Because.'] }));
  const reports: RunReport[] = [];
  const handler = serve(agent, {
    config: { bindings: { planner: { type: 'http', url: planner.url }, search: { type: 'http', url: tools.url } } },
    onRunEnd: (report) => reports.push(report),
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
  // A slash is no part of a name there.
  expect(headers['server-timing']).toMatch(/, research;dur=[\d.]+, research\.t1;dur=[\d.]+$/);
});

test('what a planner writes wrong is not repeated to the caller', async () => {
  const { status, body } = await ask({ tasks: [{ ...TASK, tool: 'secret-tool' }], output: 1 });
  expect(status).toBe(502);
  expect(body.detail).toBe(
    'research: the planner made no valid plan: the last has 1 fault(s), the first in tasks[0].tool',
  );
});
