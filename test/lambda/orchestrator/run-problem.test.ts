import { z } from 'zod';
import { type ChatInput, graph, model, type NodeTimeout, tool } from '../../../core/graph';
import { CallError, RunError } from '../../../core/run';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { toProblem } from '../../../lambda/orchestrator/run-problem';
import { answer, breakOff, type Reply, Service } from '../backends/service';
import { recordOf } from '../telemetry/record';
import { completion, writerAt } from './agents';
import { run } from './event';

let service: Service;
let reports: RunReport[];

beforeAll(async () => {
  service = await Service.start();
});

beforeEach(() => {
  reports = [];
});

afterAll(() => service.stop());

const refuse = (text: string): never => {
  throw new TypeError(text);
};

/** Handler of an agent of one call, and a compute node behind it. */
function agent({
  input = () => 'Hi',
  after = () => 'done',
  output = (text: string): unknown => text,
  timeout = {},
}: {
  readonly input?: () => ChatInput;
  readonly after?: () => string;
  readonly output?: (text: string) => unknown;
  readonly timeout?: NodeTimeout;
} = {}) {
  const definition = graph('ask', { input: z.object({}), output: z.string(), retry: { attempts: 1 } })
    .node('draft', { call: model('writer'), input, timeout })
    .compute('after', ['draft'], after)
    .output(['draft', 'after'], ({ draft }) => output(draft.text) as string);
  return serve(definition, {
    config: { bindings: writerAt(service.url) },
    onRunEnd: (report) => reports.push(report),
  });
}

const silent: Reply = () => {};

test.each<[what: string, Reply, status: number, type: string, title: string, detail: string]>([
  [
    'answers HTTP 500',
    answer(500, ''),
    502,
    'component-failed',
    'A component of the agent failed',
    'draft: component "writer" was answered HTTP 500',
  ],
  [
    'closes the connection in the middle of its answer',
    breakOff,
    502,
    'component-failed',
    'A component of the agent failed',
    'draft: component "writer" got no answer: UND_ERR_SOCKET',
  ],
  [
    'answers what is no completion',
    answer(200, '<html>'),
    502,
    'component-failed',
    'A component of the agent failed',
    'draft: component "writer" cannot decode its answer as openai-chat: expected a JSON document',
  ],
  [
    'refuses the request',
    answer(400, ''),
    500,
    'agent-fault',
    'The agent itself failed',
    'draft: component "writer" was answered HTTP 400',
  ],
  [
    'is not where the binding says',
    answer(404, ''),
    500,
    'agent-fault',
    'The agent itself failed',
    'draft: component "writer" was answered HTTP 404',
  ],
  [
    'is asked too often',
    answer(429, ''),
    429,
    'throttled',
    'A component asks for fewer calls',
    'draft: component "writer" was answered HTTP 429',
  ],
])('a component that %s', async (_, reply, status, type, title, detail) => {
  service.replies(reply);
  const answered = await run(agent(), 'ask', {});
  expect(answered.headers['content-type']).toBe('application/problem+json');
  expect(answered.body).toEqual({
    type: `urn:compound:problem:${type}`,
    title,
    status,
    detail,
    runId: reports[0]!.runId,
    node: 'draft',
    ...(status === 429 && { retryAfterSeconds: 5 }),
  });
  expect(answered.status).toBe(status);
});

test.each([
  [429, {}, 429, 5],
  [429, { 'retry-after': '12' }, 429, 12],
  [429, { 'retry-after': 'soon' }, 429, 5],
  [503, { 'retry-after': '20' }, 503, 20],
  [500, { 'retry-after': '20' }, 502, undefined],
])('HTTP %d with %j of a component is %d, to be asked again in %p s', async (status, headers, expected, seconds) => {
  service.replies(answer(status, '', headers));
  const answered = await run(agent(), 'ask', {}, { 'compound-deadline-ms': '300' });
  const { 'retry-after': header } = answered.headers;
  expect([answered.status, header, answered.body.retryAfterSeconds]).toEqual([expected, seconds?.toString(), seconds]);
});

test('a component that is still not ready at the deadline is named', async () => {
  service.replies(answer(503, '', { 'retry-after': '20' }));
  expect((await run(agent(), 'ask', {}, { 'compound-deadline-ms': '300' })).body).toMatchObject({
    type: 'urn:compound:problem:component-not-ready',
    title: 'A component of the agent is starting',
    status: 503,
    detail: 'draft: component "writer" did not become ready in time',
    node: 'draft',
  });
});

test.each([
  ['of a chunk', { firstChunkMs: 30 }, 'draft: component "writer" did not begin to answer for 30 ms'],
  ['of a node', { nodeMs: 30 }, 'draft: node "draft" did not end within 30 ms'],
])('a component that is silent beyond the time limit %s is named', async (_, timeout, detail) => {
  service.replies(silent);
  expect(await run(agent({ timeout }), 'ask', {})).toMatchObject({
    status: 504,
    body: { type: 'urn:compound:problem:deadline-exceeded', detail, node: 'draft' },
  });
});

test.each([
  ['the input of a node', { input: () => refuse('x') }, 'draft', 'draft: the function of the node threw an error'],
  ['a compute node', { after: () => refuse('x') }, 'after', 'after: the function of the node threw an error'],
  ['the output', { output: () => refuse('x') }, 'output', 'output: the function of the node threw an error'],
  ['an output that its own schema refuses', { output: () => 7 }, 'output', 'output: does not match its schema'],
])('an error of %s is a fault of the agent', async (_, functions, node, detail) => {
  service.replies(answer(200, completion('Hello.')));
  expect(await run(agent(functions), 'ask', {})).toMatchObject({
    status: 500,
    body: { type: 'urn:compound:problem:agent-fault', detail, node, runId: reports[0]!.runId },
  });
});

test('a run that has cost what it may is no fault of the agent, and says so', async () => {
  const writer = model('writer');
  const thrifty = graph('ask', { input: z.object({}), budgetUsd: 0.001 })
    .node('draft', { call: writer, input: () => 'Hi' })
    .node('review', ['draft'], { call: writer, input: () => 'Hi' })
    .output(['review'], () => 0);
  service.replies(answer(200, completion('Hello.')));
  const served = serve(thrifty, {
    config: { bindings: writerAt(service.url) },
    onRunEnd: (report) => reports.push(report),
  });
  const answered = await run(served, 'ask', {});
  expect(answered.status).toBe(500);
  expect(answered.body).toEqual({
    type: 'urn:compound:problem:over-budget',
    title: 'The run has cost what it may',
    status: 500,
    detail: 'review: the run has cost the 0.001 US dollars that it may',
    runId: reports[0]!.runId,
    node: 'review',
  });
  expect(answered.headers).not.toHaveProperty('retry-after');
});

test('the item of a map that failed is named', async () => {
  const judge = tool('judge', { input: z.object({ n: z.number() }), output: z.object({}) });
  const judged = graph('judged', { input: z.object({}), retry: { attempts: 1 } })
    .map('verdicts', [], { over: () => [1, 2, 3], call: judge, input: (n) => ({ n }), concurrency: 1 })
    .output(['verdicts'], ({ verdicts }) => verdicts);
  service.replies((response, received) => answer(received.body === '{"n":2}' ? 500 : 200, '{}')(response, received));
  const handler = serve(judged, {
    config: { bindings: { judge: { type: 'http', url: service.url } } },
    onRunEnd: () => {},
  });
  expect((await run(handler, 'judged', {})).body).toMatchObject({ status: 502, node: 'verdicts[1]' });
});

test('a failed run too has its id, cost and timings in the headers', async () => {
  service.replies(answer(200, completion('Hello.')));
  const { status, headers } = await run(agent({ after: () => refuse('x') }), 'ask', {});
  expect(status).toBe(500);
  expect(headers).toEqual({
    'content-type': 'application/problem+json',
    'compound-run-id': reports[0]!.runId,
    'compound-cost-usd': '0.002500',
    'server-timing': expect.stringMatching(/^total;dur=\d+\.\d, overhead;dur=-?\d+\.\d, draft;dur=/),
  });
});

test.each([
  [0, '1'],
  [0.2, '1'],
  [1_500, '2'],
  [3_600_001, '3600'],
  [Infinity, '3600'],
  [Number.NaN, '5'],
  [undefined, '5'],
])('a component that asks to wait %p ms is waited for %s s', (retryAfterMs, expected) => {
  const cause = new CallError('throttled', 'x', { at: 'draft', retryAfterMs });
  const problem = toProblem(new RunError('throttled', 'x', recordOf({ criticalPath: [] }), cause), 'run-1');
  expect(problem.headers['retry-after']).toBe(expected);
});
