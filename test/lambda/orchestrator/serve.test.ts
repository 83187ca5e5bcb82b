import { z } from 'zod';
import { graph, model } from '../../../core/graph';
import { type Handler, type RunReport, serve } from '../../../lambda/orchestrator';
import { systemClock } from '../../../lambda/orchestrator/system-clock';
import { answer, Service } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion, greet, writerAt } from './agents';
import { ask, contextOf, eventOf, run } from './event';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const farewell = graph('farewell', { input: z.object({}) })
  .compute('bye', [], () => 'Bye.')
  .output(['bye'], ({ bye }) => bye);

let service: Service;
let handler: Handler;
let reports: RunReport[];

beforeAll(async () => {
  service = await Service.start();
  handler = serve([greet, farewell], {
    config: { bindings: writerAt(service.url) },
    onRunEnd: (report) => reports.push(report),
  });
});

beforeEach(() => {
  reports = [];
  service.replies(answer(200, completion('Hello, Ada.')));
});

afterAll(() => service.stop());

test('a run answers its output and its id, with timings and cost in the headers', async () => {
  const { status, headers, body } = await run(handler, 'greet', { name: 'Ada' });
  expect({ status, body }).toEqual({
    status: 200,
    body: { runId: expect.stringMatching(UUID), output: { greeting: 'Hello, Ada.' } },
  });
  expect(headers).toEqual({
    'content-type': 'application/json',
    'compound-run-id': body.runId,
    'compound-cost-usd': '0.002500',
    'server-timing': expect.stringMatching(/^total;dur=\d+\.\d, overhead;dur=\d+\.\d, greeting;dur=\d+\.\d$/),
  });
});

test('the copies that a run took are told in a header, where they have a price', async () => {
  let nowMs = 0;
  const timed = serve(greet, {
    config: {
      bindings: { writer: { type: 'http', url: service.url, price: { perCopyHourUsd: 36, concurrencyPerCopy: 4 } } },
    },
    clock: { ...systemClock, now: () => nowMs },
    onRunEnd: () => {},
  });
  service.replies((response, received) => {
    nowMs += 2_000;
    answer(200, completion('Hello, Ada.'))(response, received);
  });
  const { headers } = await run(timed, 'greet', { name: 'Ada' });
  expect(headers).toMatchObject({ 'compound-copy-seconds': '0.500', 'compound-cost-usd': '0.005000' });
});

test('a report says where the prices are from by which the cost was computed', async () => {
  const told: RunReport[] = [];
  const price = { perCallUsd: 1, source: 'contract 4711 (2026-11)' };
  const priced = serve(greet, {
    config: { bindings: { writer: { type: 'http', url: service.url, price } } },
    onRunEnd: (report) => void told.push(report),
  });
  service.replies(answer(200, completion('Hello, Ada.')));
  await run(priced, 'greet', { name: 'Ada' });
  expect(told).toMatchObject([{ priceSources: { writer: 'contract 4711 (2026-11)' }, record: { costUsd: 1 } }]);
});

test('each run has an id of its own, under which it is reported', async () => {
  const ids = [await run(handler, 'greet', { name: 'Ada' }), await run(handler, 'greet', { name: 'Bob' })].map(
    ({ body }) => body.runId,
  );
  expect(new Set(ids).size).toBe(2);
  expect(reports.map(({ runId, record }) => [runId, record.status])).toEqual(ids.map((id) => [id, 'succeeded']));
});

test('a failed run is reported with its error', async () => {
  service.replies(answer(400, ''));
  const { body } = await run(handler, 'greet', { name: 'Ada' });
  expect(reports).toEqual([
    {
      runId: body.runId,
      record: expect.objectContaining({ status: 'failed' }),
      error: expect.any(Error),
      priceSources: { writer: 'binding' },
    },
  ]);
});

test('GET /agents lists the agents and where to run them', async () => {
  expect(await ask(handler, { path: '/agents' })).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: {
      agents: [
        { name: 'greet', description: 'Greets people', runs: 'agents/greet/runs' },
        { name: 'farewell', runs: 'agents/farewell/runs' },
      ],
    },
  });
});

test('GET /agents/{agent} describes an agent by its schemas, its nodes and its picture', async () => {
  const { status, body } = await ask(handler, { path: '/agents/greet' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: 'greet',
    input: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    output: { type: 'object', properties: { greeting: { type: 'string' } } },
    nodes: [{ id: 'greeting', kind: 'call', component: 'writer' }],
    components: [{ name: 'writer', kind: 'model' }],
    mermaid: expect.stringMatching(/^flowchart /),
  });
});

test.each(['/agents/', '/agents//', '//agents', '/agents/greet/', '/agents/gr%65et'])(
  '%s is read like a path without the flourish',
  async (path) => {
    expect((await ask(handler, { path })).status).toBe(200);
  },
);

test.each([
  '/',
  '',
  '/agent',
  '/Agents',
  '/agents/greet/run',
  '/agents/greet/runs/1',
  '/agents/%E0%A4%A',
  '/openapi.json/greet',
  '/%2Fagents',
])('%p is answered 404', async (path) => {
  expect(await ask(handler, { path })).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:compound:problem:not-found',
      title: 'There is nothing here',
      status: 404,
      detail: 'see GET /agents for what there is',
    },
  });
});

test.each(['nobody', '__proto__', 'constructor', 'toString'])('an agent named %s is not there', async (name) => {
  const { status, body } = await run(handler, name, {});
  expect(status).toBe(404);
  expect(body.detail).toBe(`no agent is named "${name}"; the agents are: greet, farewell`);
});

test('of a name without end only the beginning comes back', async () => {
  const { text } = await run(handler, 'x'.repeat(5000), {});
  expect(text.length).toBeLessThan(400);
});

test.each([
  ['POST', '/agents', 'GET'],
  ['DELETE', '/agents/greet', 'GET'],
  ['GET', '/agents/greet/runs', 'POST'],
  ['PUT', '/agents/greet/runs', 'POST'],
  ['OPTIONS', '/agents/greet/runs', 'POST'],
  ['PATCH', '/openapi.json', 'GET'],
])('%s %s is not allowed, and Allow says what is: %s', async (method, path, allow) => {
  expect(await ask(handler, { method, path })).toMatchObject({
    status: 405,
    headers: { 'content-type': 'application/problem+json', allow },
    body: { detail: `${path} takes ${allow} only, got: ${method}` },
  });
});

test.each([
  [{}, [{ field: 'name' }]],
  [{ name: 7 }, [{ field: 'name' }]],
  [{ name: 'Ada', titles: ['Dr', 2] }, [{ field: 'titles[1]' }]],
  [{ name: null, titles: 'Dr' }, [{ field: 'name' }, { field: 'titles' }]],
  ['"Ada"', [{ field: '' }]],
  ['null', [{ field: '' }]],
  ['[]', [{ field: '' }]],
])('the input %j is refused field by field', async (input, errors) => {
  const { status, headers, body } = await run(handler, 'greet', input);
  expect({ status, type: headers['content-type'] }).toEqual({ status: 422, type: 'application/problem+json' });
  expect(body).toMatchObject({
    type: 'urn:compound:problem:invalid-input',
    title: 'The input does not match the schema of the agent',
    status: 422,
    runId: expect.stringMatching(UUID),
    errors: errors.map((error) => ({ ...error, detail: expect.any(String) })),
  });
  expect(service.received).toHaveLength(0);
});

test('of an input that is wrong all over the first faults are told', async () => {
  const titles = Array(100_000).fill(1);
  const { status, body, text } = await run(handler, 'greet', { name: 'Ada', titles });
  expect(status).toBe(422);
  expect(body.errors).toHaveLength(20);
  expect(body.errors[19].field).toBe('titles[19]');
  expect(body.detail).toBe('the input has more than 20 faults; errors lists the first 20');
  expect(text.length).toBeLessThan(10_000);
});

test('a field whose name is without end is not repeated in full', async () => {
  const strict = graph('strict', { input: z.strictObject({}) })
    .compute('bye', [], () => 'Bye.')
    .output(['bye'], ({ bye }) => bye);
  const long = 'x'.repeat(1_000_000);
  const { status, text } = await run(serve(strict, { config: { bindings: {} } }), 'strict', { [long]: 1 });
  expect(status).toBe(422);
  expect(text.length).toBeLessThan(10_000);
});

test('an agent with an unbound component does not begin to run', async () => {
  const unbound = graph('unbound', { input: z.object({}) })
    .node('first', { call: model('writer'), input: () => 'x' })
    .node('second', ['first'], { call: model('judge'), input: () => 'x' })
    .node('third', ['second'], { call: model('toString'), input: () => 'x' })
    .output(['third'], () => 'done');
  const unboundHandler = serve(unbound, { config: { bindings: writerAt(service.url) } });
  expect(await faultOf(unboundHandler, 'unbound')).toBe(
    'no backend is bound to "judge", "toString" of agent "unbound": add it to the deployment',
  );
  expect(service.received).toHaveLength(0);
});

test('agents that run at once do not meet', async () => {
  service.replies((response, { body }) => {
    const name = /Greet (\w+)/.exec(body)?.[1];
    answer(200, completion(`Hello, ${name}.`))(response, { path: '', headers: {}, body });
  });
  const names = ['Ada', 'Bob', 'Cem', 'Dee'];
  const answers = await Promise.all(names.map((name) => run(handler, 'greet', { name })));
  expect(answers.map(({ body }) => body.output.greeting)).toEqual(names.map((name) => `Hello, ${name}.`));
});

test('an event without headers is one without a content type', async () => {
  expect(await ask(handler, { method: 'POST', path: '/agents/greet/runs' })).toMatchObject({ status: 415 });
});

test('behind a domain with a base path the rest of the path leads the way', async () => {
  const event = eventOf({ path: '/v1/agents' });
  const based = await handler({ ...event, pathParameters: { proxy: 'agents' } }, contextOf());
  expect(based.statusCode).toBe(200);
  const bare = await handler({ ...eventOf({ path: '/agents' }), pathParameters: null }, contextOf());
  expect(bare.statusCode).toBe(200);
});

test('two agents of one name are refused at once', () => {
  expect(() => serve([greet, farewell, agentOf('greet', model('judge'))])).toThrow(
    'two agents are named "greet": give one of them another name',
  );
});

test('two components of one name are refused at once, one that agents share is not', () => {
  const judge = model('judge');
  expect(() => serve([agentOf('a', judge), agentOf('b', judge)])).not.toThrow();
  expect(() => serve([agentOf('a', judge), agentOf('b', model('judge'))])).toThrow(
    'the agents "a" and "b" call two different components named "judge": share one, or rename one of them',
  );
});

test('a component that speaks Converse and is not bound to Bedrock stops the run before its first call', async () => {
  const mixed = graph('mixed', { input: z.object({}) })
    .node('first', { call: model('writer'), input: () => 'x' })
    .node('second', ['first'], { call: model('judge', { format: 'converse' }), input: () => 'x' })
    .output(['second'], () => 'done');
  const bindings = { ...writerAt(service.url), judge: { type: 'sagemaker', endpointName: 'gpu' } } as const;
  expect(await faultOf(serve(mixed, { config: { bindings } }), 'mixed')).toBe(
    'component "judge" has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the sagemaker backend speaks',
  );
  expect(service.received).toHaveLength(0);
});

describe('a report that fails', () => {
  const failures: [how: string, onRunEnd: () => unknown][] = [
    [
      'at once',
      () => {
        throw new RangeError('SECRET');
      },
    ],
    ['later', () => Promise.reject(new RangeError('SECRET'))],
  ];

  test.each(failures)('%s costs nobody an answer, and leaves its class in the log', async (_, onRunEnd) => {
    const unreported = serve(greet, { config: { bindings: writerAt(service.url) }, onRunEnd });
    const output = new OutputOfProcess();
    const succeeded = await run(unreported, 'greet', { name: 'Ada' });
    service.replies(answer(500, ''));
    const failed = await run(unreported, 'greet', { name: 'Ada' });
    output.restore();
    expect([succeeded.status, failed.status]).toEqual([200, 502]);
    expect(output.lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'ERROR', runId: succeeded.body.runId, agent: 'greet', thrown: 'RangeError' },
      { level: 'ERROR', runId: failed.body.runId, agent: 'greet', thrown: 'RangeError' },
    ]);
    expect(output.text).not.toContain('SECRET');
  });
});

/** What the log says of an agent that cannot run. */
async function faultOf(unusable: Handler, agent: string): Promise<string> {
  const output = new OutputOfProcess();
  const { status, body } = await run(unusable, agent, {});
  output.restore();
  expect({ status, type: body.type }).toEqual({ status: 500, type: 'urn:compound:problem:agent-fault' });
  return JSON.parse(output.lines[0]!).fault;
}

const agentOf = (name: string, component: ReturnType<typeof model>) =>
  graph(name, { input: z.object({}) })
    .node('only', { call: component, input: () => 'x' })
    .output(['only'], () => 'done');
