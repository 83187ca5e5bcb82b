import { z } from 'zod';
import { graph, model, tool } from '../../../core/graph';
import { serve } from '../../../lambda/orchestrator';
import { answer, type Reply, Service } from '../backends/service';
import { OutputOfProcess } from '../telemetry/output';
import { completion } from './agents';
import { run } from './event';

/** Stands for what a user said, what a model answered, what a service quoted, and a key. */
const SECRET = 'SECRET-7d1f';

let service: Service;
let output: OutputOfProcess;

beforeAll(async () => {
  service = await Service.start();
});

beforeEach(() => {
  output = new OutputOfProcess();
});

afterEach(() => output.restore());

afterAll(() => service.stop());

const refuse = (): never => {
  throw new TypeError(`cannot handle ${SECRET}`);
};

const search = tool('search', { input: z.object({ query: z.string().max(100) }), output: z.object({ n: z.number() }) });

interface Functions {
  readonly prompt?: (question: string) => string;
  readonly query?: (text: string) => string;
  readonly verdict?: (text: string) => unknown;
  readonly result?: (text: string) => unknown;
}

/** An agent that tells everything to everyone, with the default report of its runs. */
function agent({
  prompt = (question) => `Answer: ${question}`,
  query = (text) => text,
  verdict = (text) => text,
  result = (text) => text,
}: Functions = {}) {
  const definition = graph('ask', {
    input: z.object({ question: z.string().min(3) }),
    output: z.string(),
    retry: { attempts: 2, baseMs: 1 },
  })
    .node('draft', { call: model('writer'), input: ({ input }) => prompt(input.question) })
    .node('found', ['draft'], { call: search, input: ({ draft }) => ({ query: query(draft.text) }), optional: true })
    .compute('verdict', ['draft'], ({ draft }) => verdict(draft.text))
    .output(['draft', 'found', 'verdict'], ({ draft }) => result(draft.text) as string);
  return serve(definition, {
    config: {
      bindings: {
        writer: { type: 'http', url: `${service.url}/writer`, headers: { authorization: `Bearer ${SECRET}` } },
        search: { type: 'http', url: `${service.url}/search`, headers: { authorization: `Bearer ${SECRET}` } },
      },
    },
  });
}

/** The writer and the search answer as they are told; both well unless said otherwise. */
function services({
  writer = answer(200, completion(SECRET)),
  search = answer(200, { n: 1 }),
}: {
  readonly writer?: Reply;
  readonly search?: Reply;
}): Reply {
  return (response, received) => (received.path.startsWith('/writer') ? writer : search)(response, received);
}

const fault = { error: { message: `cannot answer ${SECRET}`, type: 'invalid_request_error' } };
const hangUp: Reply = (response) => {
  response.write(`{"${SECRET}`, () => response.destroy());
};

test.each<[what: string, status: number, Reply, Functions]>([
  ['a run that succeeds without repeating it', 200, services({}), { result: () => 'done' }],
  ['a model that fails', 502, services({ writer: answer(500, fault) }), {}],
  ['a model that refuses', 500, services({ writer: answer(400, fault) }), {}],
  ['a model that throttles', 429, services({ writer: answer(429, fault) }), {}],
  ['a model that answers garbage', 502, services({ writer: answer(200, `${SECRET} {`) }), {}],
  ['a model that answers another shape', 502, services({ writer: answer(200, { [SECRET]: SECRET }) }), {}],
  ['a model that hangs up', 502, services({ writer: hangUp }), {}],
  ['a model that redirects', 500, services({ writer: answer(302, SECRET, { location: `/${SECRET}` }) }), {}],
  ['a tool that fails, optional', 200, services({ search: answer(500, fault) }), { result: () => 'done' }],
  [
    'a tool that answers another shape',
    200,
    services({ search: answer(200, { n: SECRET }) }),
    { result: () => 'done' },
  ],
  ['a prompt that throws', 500, services({}), { prompt: refuse }],
  [
    'a tool input that its schema refuses',
    200,
    services({}),
    { query: (text) => text.repeat(50), result: () => 'done' },
  ],
  ['a compute node that throws', 500, services({}), { verdict: refuse }],
  [
    'a compute node that throws what is no error',
    500,
    services({}),
    {
      verdict: (text) => {
        throw { said: text };
      },
    },
  ],
  [
    'a compute node that throws a text',
    500,
    services({}),
    {
      verdict: (text) => {
        throw text;
      },
    },
  ],
  ['an output that throws', 500, services({}), { result: refuse }],
  ['an output that its schema refuses', 500, services({}), { result: (text) => [text] }],
])('%s tells nobody (%d)', async (_, status, reply, functions) => {
  service.replies(reply);
  const answered = await run(agent(functions), 'ask', { question: `who is ${SECRET}?` });
  expect(answered.status).toBe(status);
  expect(answered.text).not.toContain(SECRET);
  expect(JSON.stringify(answered.headers)).not.toContain(SECRET);
  expect(answered.text).not.toMatch(/\bat .*\.[jt]s\b/);

  expect(output.lines.length).toBeGreaterThan(1);
  expect(output.text).not.toContain(SECRET);
  expect(output.text).not.toMatch(/\bat .*\.[jt]s:\d+/);
});

test('an input that its schema refuses is neither repeated nor logged', async () => {
  const answered = await run(agent(), 'ask', { question: [SECRET], more: SECRET });
  expect(answered.status).toBe(422);
  expect(answered.text).not.toContain(SECRET);
  expect(output.text).not.toContain(SECRET);
});

test('a format of an author that throws tells nobody', async () => {
  const ranker = model('ranker', { format: { encode: refuse, decode: refuse } });
  const definition = graph('rank', { input: z.object({}) })
    .node('ranked', { call: ranker, input: () => SECRET })
    .output(['ranked'], () => 'done');
  const bindings = { ranker: { type: 'http', url: service.url } } as const;
  const answered = await run(serve(definition, { config: { bindings } }), 'rank', {});
  expect(answered.body.detail).toBe('ranked: component "ranker" cannot encode its input as its own format');
  expect(answered.text).not.toContain(SECRET);
  expect(output.text).not.toContain(SECRET);
});

test('an output is for the caller alone', async () => {
  service.replies(services({}));
  const answered = await run(agent(), 'ask', { question: 'who?' });
  expect(answered.body.output).toBe(SECRET);
  expect(JSON.stringify(answered.headers)).not.toContain(SECRET);
  expect(output.text).not.toContain(SECRET);
});

test('a schema that throws is a fault of the agent, and leaves the class of its error in the log', async () => {
  const question = z.string().refine(refuse);
  const definition = graph('odd', { input: z.object({ question }) })
    .compute('said', [], ({ input }) => input.question)
    .output(['said'], ({ said }) => said);
  const answered = await run(serve(definition, { config: { bindings: {} } }), 'odd', { question: SECRET });
  expect(answered).toMatchObject({ status: 500, body: { type: 'urn:compound:problem:agent-fault' } });
  expect(answered.text).not.toContain(SECRET);
  expect(output.text).not.toContain(SECRET);
  expect(output.lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'ERROR', runId: answered.body.runId, agent: 'odd', thrown: 'TypeError' },
    { agent: 'odd', RunErrors: 1 },
    { agent: 'odd', kind: 'failed', RunErrors: 1 },
  ]);
});
