import { graph, model, type Schema, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { World } from './support/world';

const say = (text: string) => ({ text, finishReason: 'stop' });

/** A run of one call of a chat model that answers with these texts, one a try. */
async function ask(output: Schema, ...texts: string[]) {
  const world = new World(({ attempt }) => ({ output: say(texts[attempt - 1] ?? texts.at(-1)!) }));
  const agent = graph('agent', { input: z.any() })
    .node('plan', { call: model('planner', { output }), input: () => 'plan' })
    .output(({ plan }) => plan as unknown);
  const { output: plan, error } = await world.run(agent);
  return { plan: plan as unknown, error, tries: world.tries.length };
}

const Plan = z.object({ queries: z.array(z.string()) });

test.each([
  ['bare', '{"queries":["a"]}'],
  ['in a fence', '```json\n{\n  "queries": [\n    "a"\n  ]\n}\n```'],
  ['in a sentence', 'Here is the plan: {"queries":["a"]} I hope it helps.'],
])('the JSON of a chat model is read %s', async (_, text) => {
  expect(await ask(Plan, text)).toEqual({ plan: { queries: ['a'] }, error: undefined, tries: 1 });
});

test.each([
  [z.array(z.number()), 'The list: [1, 2]', [1, 2]],
  [z.number(), '42', 42],
  [z.boolean(), 'true', true],
  [z.string(), '"yes"', 'yes'],
])('an answer need not be an object: %#', async (schema, text, plan) => {
  expect(await ask(schema, text)).toMatchObject({ plan });
});

test('a model whose answer is no JSON, or not what it declares, is asked again', async () => {
  expect(await ask(Plan, 'I cannot', '{"queries":5}', '{"queries":[]}')).toMatchObject({
    plan: { queries: [] },
    tries: 3,
  });
});

test('the error says what is wrong with the answer once the attempts are spent, and not what it holds', async () => {
  const noJson = await ask(Plan, 'my secret');
  expect(noJson).toMatchObject({
    tries: 3,
    error: { kind: 'retryable', at: 'plan', message: 'plan: the answer of component "planner" is no JSON' },
  });
  const { error } = await ask(Plan, '{"queries":[5]}');
  expect(error!.message).toBe('plan: the answer of component "planner" does not match its schema');
  expect(error!.cause!.cause).toMatchObject({ name: 'SchemaError', issues: [{ path: 'queries[0]' }] });
});

test('a model that lost itself in brackets costs no time to refuse', async () => {
  const started = performance.now();
  expect((await ask(Plan, '['.repeat(100_000))).error).toMatchObject({ kind: 'retryable' });
  // Quadratic reading would take minutes.
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a chat model without a schema answers with its text as it is', async () => {
  const world = new World(() => ({ output: say('{"not": "read"}') }));
  const agent = graph('agent', { input: z.any() })
    .node('a', { call: model('writer'), input: () => 'write' })
    .output(({ a }) => a.text);
  expect((await world.run(agent)).output).toBe('{"not": "read"}');
});

test('a tool whose answer is not what it declares fails: its next answer would be the same', async () => {
  const world = new World(() => ({ output: { passages: 'none' } }));
  const search = tool('search', { input: z.any(), output: z.object({ passages: z.array(z.string()) }) });
  const agent = graph('agent', { input: z.any() })
    .node('a', { call: search, input: () => 0 })
    .output(() => 0);
  expect((await world.run(agent)).error).toMatchObject({
    kind: 'failed',
    message: 'a: the answer of component "search" does not match its schema',
  });
  expect(world.tries).toHaveLength(1);
});

test('an input that its component refuses is never sent', async () => {
  const world = new World();
  const search = tool('search', { input: z.object({ query: z.string() }), output: z.any() });
  const agent = graph('agent', { input: z.any() })
    .node('a', { call: search, input: () => ({ query: 5 }) as any })
    .output(() => 0);
  expect((await world.run(agent)).error).toMatchObject({
    kind: 'invalid',
    at: 'a',
    message: 'a: the input of component "search" does not match its schema',
  });
  expect(world.tries).toEqual([]);
});

test('schemas of a component may transform what is sent and what comes back', async () => {
  const world = new World(({ input }) => ({ output: `${input as string}!` }));
  const shout = tool('shout', {
    input: z.object({ text: z.string() }).transform(({ text }) => text.toUpperCase()),
    output: z.string().transform((text) => text.length),
  });
  const agent = graph('agent', { input: z.any() })
    .node('a', { call: shout, input: () => ({ text: 'hey' }) as any })
    .output(({ a }) => a);
  expect((await world.run(agent)).output).toBe(4);
  expect(world.tries).toMatchObject([{ input: 'HEY' }]);
});

test.each([
  ['without a schema', undefined],
  ['with a schema', z.object({ answer: z.number() })],
])('an output that comes later is waited for, %s', async (_, output) => {
  const outputOf = (make: () => Promise<object>) =>
    (graph('agent', { input: z.any(), ...(output && { output }) }) as any).output(make);
  expect((await new World().run(outputOf(async () => ({ answer: 42 })))).output).toEqual({ answer: 42 });
  const failing = outputOf(() => Promise.reject(new Error('no words')));
  expect((await new World().run(failing)).error).toMatchObject({ kind: 'failed', message: 'output: no words' });
});

test('a run that has ended tells the value of a node, and what stood in for one that failed', async () => {
  const world = new World(({ component }) =>
    component.name === 'broken' ? { error: new Error('no') } : { output: say('Hi.') },
  );
  const agent = graph('agent', { input: z.any() })
    .node('said', { call: model('writer'), input: () => 'x' })
    .node('lost', { call: tool('broken', { input: z.any(), output: z.string() }), input: () => 0, default: 'nothing' })
    .output(() => 'done');
  const { nodeValue } = await world.clock.until(world.engine.run(agent, {}));
  expect(['said', 'lost', 'nobody'].map(nodeValue)).toEqual([say('Hi.'), 'nothing', undefined]);
});
