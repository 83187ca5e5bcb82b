import { graph, model, tool } from 'cdk-compound-inference/graph';
import { CallError, Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { World } from '../support/world';
import { calc, plan, planner, search, TOOL_MS, write, writtenMs } from './support';

const t = (id: string, tool: string, input: unknown, needs?: string[]) => ({
  id,
  tool,
  input,
  ...(needs && { needs }),
});

const TWO_STEPS = {
  tasks: [
    t('t1', 'search', { query: 'a' }),
    t('t2', 'search', { query: 'b' }),
    t('t3', 'calc', {
      all: [{ $from: 't1.passages[0]' }, { $from: 't2.passages' }],
      text: { $text: ['1: ', { $from: 't1.passages[0]' }] },
    }),
  ],
  output: { answer: { $from: 't3.text' }, sources: { $from: 't2.passages' } },
};

test('a plan is carried out: tasks get what they refer to, and its output is what the planner made of them', async () => {
  const { outcome } = await plan({ plans: [TWO_STEPS] });
  expect(outcome.output).toEqual({
    results: {
      t1: { passages: ['about a', 'more'] },
      t2: { passages: ['about b', 'more'] },
      t3: { all: ['about a', ['about b', 'more']], text: '1: about a' },
    },
    output: { answer: '1: about a', sources: ['about b', 'more'] },
  });
});

test('the record shows each task under its plan, with its calls, cost and place on the critical path', async () => {
  const { outcome } = await plan({
    plans: [TWO_STEPS],
    reply: (_, { query }) => ({ afterMs: query === 'b' ? 50 : 20, output: { passages: ['x'], text: 'y' }, costUsd: 2 }),
  });
  const { record } = outcome;
  expect(record.nodes).toMatchObject({
    research: { startMs: 0, endMs: 80, component: 'planner', calls: [{ startMs: 0, endMs: 10, costUsd: 1 }] },
    'research/t1': {
      status: 'succeeded',
      startMs: 10,
      endMs: 30,
      component: 'search',
      calls: [{ attempts: 1, costUsd: 2 }],
    },
    'research/t2': { status: 'succeeded', startMs: 10, endMs: 60 },
    'research/t3': { status: 'succeeded', startMs: 60, endMs: 80 },
  });
  expect(record).toMatchObject({
    criticalPath: ['research', 'research/t2', 'research/t3'],
    criticalPathMs: 80,
    overheadMs: 0,
    costUsd: 7,
  });
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
});

test.each([1, 3, 7, 1_000])(
  'of a text that comes in parts of %i characters a task starts with its last one',
  async (partCharacters) => {
    const { world, outcome } = await plan({ plans: [TWO_STEPS], partCharacters });
    const text = write(TWO_STEPS);
    expect(world.triesOf('search').map(({ startMs }) => startMs)).toEqual([
      writtenMs(text, '"a"}}', partCharacters),
      writtenMs(text, '"b"}}', partCharacters),
    ]);
    const writtenT3 = writtenMs(text, '"t1.passages[0]"}]}}}', partCharacters);
    const endT2 = writtenMs(text, '"b"}}', partCharacters) + TOOL_MS;
    expect(world.triesOf('calc').map(({ startMs }) => startMs)).toEqual([Math.max(writtenT3, endT2)]);
    expect(outcome.output.output.answer).toBe('1: about a');
  },
);

test('a task that needs one which is not referred to waits for it', async () => {
  const plans = [{ tasks: [t('a', 'calc', 1), t('b', 'calc', 2, ['a'])], output: null }];
  const { world } = await plan({ plans });
  expect(world.triesOf('calc').map(({ startMs }) => startMs)).toEqual([10, 10 + TOOL_MS]);
});

test.each([
  ['a fence', '```json\nPLAN\n```'],
  ['a sentence', 'Here you are: PLAN Good luck!'],
])('a plan in %s is read', async (_, frame) => {
  const { outcome } = await plan({ plans: [frame.replace('PLAN', write(TWO_STEPS))], partCharacters: 5 });
  expect(outcome.output.output.answer).toBe('1: about a');
});

test('the planner is told of the tools, the limits and the form, before what it is asked', async () => {
  const { requests } = await plan({
    plans: [TWO_STEPS],
    options: { limits: { tasks: 7 }, output: z.object({ answer: z.any() }) },
  });
  const [system, user] = requests[0]!;
  expect(user).toEqual({ role: 'user', content: 'why?' });
  expect(system!.role).toBe('system');
  for (const word of ['"search"', '"query"', '"passages"', 'At most 7 tasks', '$from', '"answer"']) {
    expect(system!.content).toContain(word);
  }
  expect(system!.content).not.toContain('replan');
});

test.each<[string, unknown, string]>([
  ['a text without a plan', 'I cannot do that', 'the plan has no JSON object'],
  ['a plan that breaks off', '{"tasks": [', 'the plan is not complete: its JSON object does not end'],
  ['a plan with a comma too many', '{"tasks": [], "output": 1,}', 'the plan is no JSON'],
  ['a task with a comma too many', '{"tasks": [{"id": "a",}], "output": 1}', 'tasks[0] is no JSON'],
  ['no tasks', { output: 1 }, 'tasks must be a list'],
  ['a task that is no object', { tasks: ['a'], output: 1 }, 'tasks[0] must be an object'],
  ['no output', { tasks: [] }, 'output is missing: end the plan with it'],
  ['an unknown field', { tasks: [], output: 1, plan: 2 }, '"plan" is no field of a plan'],
  [
    'a re-plan that is not allowed',
    { tasks: [], replan: true },
    'replan is not possible any more: end the plan with output',
  ],
  ['an unknown tool', { tasks: [t('a', 'rm', {})], output: 1 }, 'tasks[0].tool must be one of search, calc, got: "rm"'],
  ['a task without an id', { tasks: [{ tool: 'calc', input: 1 }], output: 1 }, 'tasks[0].id must be a name'],
  ['an id with a slash', { tasks: [t('a/b', 'calc', 1)], output: 1 }, 'tasks[0].id must be a name'],
  [
    'an id that objects inherit',
    { tasks: [t('constructor', 'calc', 1)], output: 1 },
    'tasks[0].id must not be what objects inherit',
  ],
  [
    'an id that pollutes',
    '{"tasks": [{"id": "__proto__", "tool": "calc", "input": 1}], "output": 1}',
    'tasks[0].id must be a name',
  ],
  ['two tasks of one id', { tasks: [t('a', 'calc', 1), t('a', 'calc', 2)], output: 1 }, 'tasks[1].id is defined twice'],
  [
    'a task with an unknown field',
    { tasks: [{ ...t('a', 'calc', 1), when: true }], output: 1 },
    'tasks[0] has no field "when"',
  ],
  [
    'a key that pollutes',
    '{"tasks": [{"id": "a", "tool": "calc", "input": {"__proto__": {"x": 1}}}], "output": 1}',
    'tasks[0].input.__proto__ is no field that a plan may have',
  ],
  [
    'a reference that pollutes',
    { tasks: [t('a', 'calc', 1), t('b', 'calc', { $from: 'a.__proto__.x' })], output: 1 },
    'tasks[1].input must be {"$from": "<task>.<field>[<index>]"} and no other field',
  ],
  [
    'a reference with something beside it',
    { tasks: [t('a', 'calc', 1)], output: { $from: 'a', or: 1 } },
    'output must be {"$from"',
  ],
  [
    'a reference to what comes later',
    { tasks: [t('a', 'calc', { $from: 'b' }), t('b', 'calc', 1)], output: 1 },
    'tasks[0] needs "b", and no task before it is named so',
  ],
  [
    'a task that needs itself',
    { tasks: [t('a', 'calc', 1, ['a'])], output: 1 },
    'tasks[0] needs "a", and no task before it is named so',
  ],
  [
    'an output of nothing',
    { tasks: [], output: { $from: 'a' } },
    'output needs "a", and no task before it is named so',
  ],
  [
    'needs that are no list',
    { tasks: [{ ...t('a', 'calc', 1), needs: 'b' }], output: 1 },
    'tasks[0].needs must be a list of ids',
  ],
  [
    'needs that are no ids',
    { tasks: [{ ...t('a', 'calc', 1), needs: [1] }], output: 1 },
    'tasks[0].needs must be a list of ids',
  ],
  [
    'a text of no list',
    { tasks: [t('a', 'calc', { $text: 'x' })], output: 1 },
    'tasks[0].input must be {"$text": [...]}',
  ],
  [
    'more tasks than the limit',
    { tasks: [...Array(5).keys()].map((i) => t(`t${i}`, 'calc', i)), output: 1 },
    'the plan has more than 4 tasks',
  ],
  [
    'a chain deeper than the limit',
    { tasks: [t('a', 'calc', 1), t('b', 'calc', { $from: 'a' }), t('c', 'calc', { $from: 'b' })], output: 1 },
    'tasks[2] makes 3 tasks one after another, and 2 are the most',
  ],
  [
    'a fan wider than the limit',
    { tasks: [t('a', 'calc', 1), ...[1, 2, 3].map((i) => t(`b${i}`, 'calc', { $from: 'a' }))], output: 1 },
    'tasks[3] is one of more than 2 tasks that need "a"',
  ],
  [
    'roots more than the limit',
    { tasks: [1, 2, 3].map((i) => t(`b${i}`, 'calc', i)), output: 1 },
    'tasks[2] is one of more than 2 tasks that need none',
  ],
  [
    'a nest deeper than any input',
    `{"tasks": [{"id": "a", "tool": "calc", "input": ${'['.repeat(100_000)}`,
    'the plan is nested more than 32 deep',
  ],
  ['a plan without end', `{"tasks": [${' '.repeat(2_000)}`, 'the plan has more than 1000 characters'],
  ['an input that the tool refuses', { tasks: [t('a', 'search', { q: 'x' })], output: 1 }, 'a.input: query: '],
  [
    'a reference to a field that is not there',
    { tasks: [t('a', 'search', { query: 'x' }), t('b', 'calc', { $from: 'a.answer' })], output: 1 },
    'b: {"$from": "a.answer"} leads nowhere: the fields are passages',
  ],
  [
    'a reference beyond a list',
    { tasks: [t('a', 'search', { query: 'x' })], output: { $from: 'a.passages[9]' } },
    'output: {"$from": "a.passages[9]"} leads nowhere: the list has 2 items',
  ],
  [
    'a reference to what lists inherit',
    { tasks: [t('a', 'search', { query: 'x' })], output: { $from: 'a.passages.map' } },
    'output: {"$from": "a.passages.map"} leads nowhere',
  ],
])('%s is told to the planner, which may repair it, and else the node fails', async (_, bad, fault) => {
  const options = { limits: { tasks: 4, depth: 2, fanOut: 2, characters: 1_000 } };
  for (const partCharacters of [undefined, 50]) {
    const chunks = partCharacters === undefined ? {} : { partCharacters };
    const good = { tasks: [t('z', 'calc', 'z')], output: { $from: 'z' } };
    const repaired = await plan({
      plans: [bad, good],
      options: { ...options, limits: { ...options.limits, tasks: 5 - 1 } },
      ...chunks,
    });
    const [, , assistant, user] = repaired.requests[1]!;
    expect(assistant!.role).toBe('assistant');
    expect(user!.content).toContain(fault);

    const failed = await plan({ plans: [bad], options: { ...options, repairs: 0 }, ...chunks });
    expect(failed.requests).toHaveLength(1);
    expect(failed.outcome.error).toMatchObject({ kind: 'failed', at: 'research' });
    expect(failed.outcome.error!.message).toContain('research: the planner made no valid plan');
    expect(String((failed.outcome.error!.cause as Error).cause)).toContain(fault);
    expect(failed.world.inFlight).toEqual([]);
  }
});

test('a chat model is a tool that is asked a text', async () => {
  const write = model('writer');
  const wrong = { tasks: [t('a', 'writer', { q: 'x' })], output: 1 };
  const right = { tasks: [t('a', 'writer', { $text: ['x', 1] })], output: { $from: 'a.text' } };
  const { outcome, requests } = await plan({
    plans: [wrong, right],
    options: { tools: [write] },
    reply: (_, input) => ({ output: { text: `on ${input}`, finishReason: 'stop' } }),
  });
  expect(requests[1]!.at(-1)!.content).toContain('a: the input of writer must be a text');
  expect(outcome.output.output).toBe('on x1');
});

test('what tools refused is told with what is wrong with the text', async () => {
  const bad = { tasks: [t('a', 'search', { q: 'x' }), t('b', 'rm', 1)], output: 1 };
  const good = { tasks: [t('a', 'search', { query: 'x' })], output: 2 };
  const { outcome, requests } = await plan({ plans: [bad, good], partCharacters: 5 });
  expect(requests[1]!.at(-1)!.content).toContain('a.input: query: ');
  expect(requests[1]!.at(-1)!.content).toContain('tasks[1].tool must be one of');
  expect(outcome.output.output).toBe(2);
});

test('a repaired plan brings its output, and what has begun is not made again', async () => {
  const bad = { tasks: [t('a', 'search', { query: 'x' }), t('b', 'rm', 1)], output: { $from: 'b' } };
  const good = {
    tasks: [t('a', 'search', { query: 'x' }), t('b', 'calc', { $from: 'a.passages[1]' })],
    output: { $from: 'b' },
  };
  const { world, outcome, requests } = await plan({ plans: [bad, good] });
  expect(outcome.output.output).toBe('more');
  expect(world.triesOf('search')).toHaveLength(1);
  expect(requests[1]!.at(-1)!.content).toContain('These tasks have begun: a.');
  expect(outcome.record.criticalPath).toEqual(['research', 'research/a', 'research/b']);
});

test('a task that has begun cannot become another', async () => {
  const bad = { tasks: [t('a', 'calc', 1)] };
  const { outcome } = await plan({ plans: [bad, { tasks: [t('a', 'calc', 2)], output: 1 }] });
  expect(String((outcome.error!.cause as Error).cause)).toContain('tasks[0].id is of a task that has begun');
});

test('a task that its tool refused may be written again under its id', async () => {
  const bad = { tasks: [t('a', 'search', { q: 'x' }), t('b', 'calc', { $from: 'a' })], output: 1 };
  const good = {
    tasks: [t('a', 'search', { query: 'x' }), t('c', 'calc', { $from: 'a.passages[0]' })],
    output: { $from: 'c' },
  };
  const { outcome } = await plan({ plans: [bad, good] });
  expect(outcome.output.output).toBe('about x');
});

test('at the limit of tasks, one that its tool refused may still be written again', async () => {
  const bad = { tasks: [t('a', 'search', { q: 'x' })], output: 1 };
  const good = { tasks: [t('a', 'search', { query: 'x' })], output: { $from: 'a.passages[0]' } };
  const { outcome } = await plan({ plans: [bad, good], options: { limits: { tasks: 1 } } });
  expect(outcome.output?.output).toBe('about x');
});

test('tasks that were never called count for no fan of a repaired plan', async () => {
  const users = ['a', 'b'].map((id) => t(id, 'search', { q: { $from: 'root' } }));
  const bad = { tasks: [t('root', 'calc', 'x'), ...users], output: 1 };
  const repaired = ['a', 'c'].map((id) => t(id, 'search', { query: { $from: 'root' } }));
  const good = { tasks: repaired, output: { $from: 'c.passages[0]' } };
  const { outcome } = await plan({ plans: [bad, good], options: { limits: { fanOut: 2 } } });
  expect(outcome.output?.output).toBe('about x');
});

test('what the output must come to is a part of the plan', async () => {
  const wrong = { tasks: [t('a', 'calc', 1)], output: { answer: { $from: 'a' } } };
  const right = { tasks: [t('b', 'calc', 'one')], output: { answer: { $from: 'b' } } };
  const options = { output: z.object({ answer: z.string() }) };
  const { outcome, requests } = await plan({ plans: [wrong, right], options });
  expect(requests[1]!.at(-1)!.content).toContain('output.answer: ');
  expect(outcome.output.output).toEqual({ answer: 'one' });
});

test('a task that fails ends the node at once, and the others with it', async () => {
  const plans = [
    { tasks: [t('slow', 'calc', 'slow'), t('bad', 'calc', 'bad'), t('after', 'calc', { $from: 'slow' })], output: 1 },
  ];
  const { world, outcome } = await plan({
    plans,
    reply: (_, input) =>
      input === 'bad' ? { afterMs: 5, error: new CallError('failed', 'no luck') } : { afterMs: 500 },
  });
  expect(outcome.error).toMatchObject({ kind: 'failed', at: 'research/bad', message: 'research/bad: no luck' });
  expect(outcome.record).toMatchObject({
    wallMs: 15,
    criticalPath: ['research', 'research/bad'],
    nodes: {
      'research/slow': { status: 'cancelled', startMs: 10, endMs: 15 },
      'research/bad': { status: 'failed', error: { at: 'research/bad' } },
      'research/after': { status: 'cancelled', startMs: 15, calls: [] },
    },
  });
  await world.clock.runAll();
  expect(world.inFlight).toEqual([]);
});

test('a planner that may go on sees results and failures, and its further plan refers to them', async () => {
  const first = { tasks: [t('a', 'search', { query: 'x' }), t('b', 'calc', 'bad')], replan: true };
  const second = {
    tasks: [t('c', 'calc', { $from: 'a.passages[0]' })],
    output: [{ $from: 'a.passages[1]' }, { $from: 'c' }],
  };
  const { outcome, requests } = await plan({
    plans: [first, second],
    options: { replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 5, error: new CallError('failed', 'no luck') } : undefined),
  });
  expect(outcome.output).toEqual({
    results: { a: { passages: ['about x', 'more'] }, c: 'about x' },
    output: ['more', 'about x'],
  });
  const { content } = requests[1]!.at(-1)!;
  expect(content).toContain('- a: {"passages":["about x","more"]}');
  expect(content).toContain('- b: failed (failed): no luck');
  expect(outcome.record.criticalPath).toEqual(['research', 'research/a', 'research/c']);
});

test('re-planning has an end', async () => {
  const again = (round: number) => ({ tasks: [t(`t${round}`, 'calc', round)], replan: true });
  const { outcome, requests } = await plan({ plans: [1, 2, 3, 4, 5].map(again), options: { replans: 2, repairs: 1 } });
  expect(requests).toHaveLength(4);
  expect(outcome.error!.message).toContain('the planner made no valid plan');
  expect(String((outcome.error!.cause as Error).cause)).toContain('replan is not possible any more');
});

test('what a plan may cost bounds the planner and its tasks, and counts for the run', async () => {
  const plans = [
    { tasks: [t('a', 'calc', 1), t('b', 'calc', { $from: 'a' }), t('c', 'calc', { $from: 'b' })], output: 1 },
  ];
  const reply = () => ({ afterMs: 5, output: 1, costUsd: 2 });
  const { world, outcome } = await plan({ plans, reply, options: { limits: { costUsd: 4 } } });
  expect(outcome.error).toMatchObject({ kind: 'over-budget', at: 'research/c' });
  expect(outcome.error!.message).toBe('research/c: the plan has cost the 4 US dollars that it may');
  expect(world.triesOf('calc')).toHaveLength(2);
  expect(outcome.record.costUsd).toBe(5);

  const run = await plan({ plans, reply, run: { budgetUsd: 2 } });
  expect(run.outcome.error!.message).toBe('research/b: the run has cost the 2 US dollars that it may');
});

test('a plan that is cancelled leaves nothing behind', async () => {
  const controller = new AbortController();
  const world = new World(({ component: { name } }) =>
    name === 'planner'
      ? { parts: [{ afterMs: 5, text: '{"tasks": [{"id": "a", "tool": "calc", "input": 1}' }], afterMs: 1_000 }
      : { afterMs: 1_000 },
  );
  const agent = graph('agent', { input: z.any() })
    .plan('research', { call: planner, tools: [calc], input: () => 'why?' })
    .output(['research'], () => 0);
  world.clock.setTimer(() => controller.abort(), 50);
  const { record } = await world.run(agent, {}, { signal: controller.signal });
  expect(record).toMatchObject({
    status: 'cancelled',
    nodes: {
      research: { status: 'cancelled', endMs: 50 },
      'research/a': { status: 'cancelled', startMs: 5, endMs: 50 },
    },
  });
  expect(world.inFlight).toEqual([]);
  expect(world.engineTimers).toBe(0);
});

test('a planner whose first try breaks off is asked again, and what has begun goes on', async () => {
  const text = write(TWO_STEPS);
  const world = new World(({ component: { name }, attempt, input }: any) => {
    if (name !== 'planner')
      return { afterMs: TOOL_MS, output: name === 'search' ? { passages: [input.query] } : input };
    if (attempt > 1) return { afterMs: 20, output: { text, finishReason: 'stop' } };
    const parts = [{ afterMs: 5, text: text.slice(0, text.indexOf('"b"}}') + 5) }];
    return { parts, afterMs: 30, error: new CallError('retryable', 'reset') };
  });
  const agent = graph('agent', { input: z.any() })
    .plan('research', { call: planner, tools: [search, calc], input: () => 'why?' })
    .output(['research'], ({ research }) => research.output);
  const { output } = await world.run(agent);
  expect(output).toEqual({ answer: '1: a', sources: ['b'] });
  expect(world.triesOf('search')).toHaveLength(2);
});

test('an engine without planning says what it needs', async () => {
  const agent = graph('agent', { input: z.any() })
    .plan('research', { call: model('p'), tools: [calc], input: () => 'why?' })
    .output(['research'], () => 0);
  const engine = new Engine({ caller: async () => ({ output: 0 }), clock: new World().clock, random: () => 0 });
  await expect(engine.run(agent, {})).rejects.toThrow(
    'node "research" is a plan: give the engine `planning: planning()`',
  );
});

test('a plan whose tool is still cold when the time of the run is over says so', async () => {
  const { outcome } = await plan({
    plans: [{ tasks: [t('a', 'calc', 1)], output: 1 }],
    reply: () => ({ error: new CallError('not-ready', 'no copy') }),
    run: { deadlineMs: 500 },
  });
  expect(outcome.error).toMatchObject({ kind: 'not-ready', at: expect.stringMatching(/^research/) });
});

test('what a planner is told of its tools is made once, and not for every run', async () => {
  let made = 0;
  const input = z.object({ query: z.string() });
  const { jsonSchema, ...rest } = input['~standard'];
  const counted = {
    '~standard': {
      ...rest,
      jsonSchema: {
        ...jsonSchema,
        input: (options: Parameters<typeof jsonSchema.input>[0]) => {
          made++;
          return jsonSchema.input(options);
        },
      },
    },
  };
  const lookup = tool('lookup', { input: counted, output: z.any() });
  const agent = graph('agent', { input: z.any() })
    .plan('research', { call: planner, tools: [lookup], input: () => 'why?' })
    .output(['research'], ({ research }) => research);
  const requests: unknown[] = [];
  const world = new World(({ input: request }) => {
    requests.push(request);
    return { output: { text: write({ tasks: [], output: 1 }), finishReason: 'stop' } };
  });
  await world.run(agent);
  const afterOne = made;
  await world.run(agent);
  expect(requests).toHaveLength(2);
  expect(requests[1]).toEqual(requests[0]);
  expect(JSON.stringify(requests[0])).toContain('lookup');
  expect(made).toBe(afterOne);
});
