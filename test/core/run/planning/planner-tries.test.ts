import { graph, model, type PlanOptions, type RetryPolicy } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { callPolicies } from '../../../../core/run/policies';
import { World } from '../support/world';
import { calc, plan, search, streamed, TOOL_MS, write } from './support';

const PLAN = {
  tasks: ['a', 'b', 'c'].map((query, i) => ({ id: `t${i}`, tool: 'search', input: { query } })),
  output: { $from: 't2.passages[0]' },
};
const TEXT = write(PLAN);
/** Within the third task. */
const BROKEN_AT = TEXT.length - 30;

/** Tasks `[id, input]`, or `[id, input, needs]`, of the tool that answers with what it was given. */
const planOf = (tasks: readonly (readonly [string, unknown, string[]?])[], output: unknown = 'done') => ({
  tasks: tasks.map(([id, input, needs]) => ({ id, tool: 'calc', input, ...(needs && { needs }) })),
  output,
});

interface Broken {
  readonly first: string;
  readonly second: unknown;
  readonly options?: PlanOptions;
  readonly toolMs?: number;
}

/** The planner's first try breaks off after some text, and the second comes in parts of 10 characters. */
const retried = ({ first, second, options, toolMs = TOOL_MS }: Broken) =>
  plan({
    plans: [],
    tries: (round) => (round === 1 ? streamed(`${first} `, 10, first.length) : streamed(write(second), 10)),
    options: { repairs: 0, retry: { baseMs: 1 }, ...options } as PlanOptions,
    reply: (_, input) => ({ afterMs: toolMs, output: input, costUsd: 1 }),
  });

/** The text of a plan up to its last task, and with it. */
const begunOf = (whole: unknown) => write(whole).slice(0, write(whole).indexOf('],"output"'));
const inputsOf = (world: World) => world.triesOf('calc').map(({ input }) => input as unknown);

function sharing(second: (text: string) => ReturnType<typeof streamed>) {
  const planner = model('planner', { singleFlight: true });
  let asked = 0;
  const world = new World(
    ({ component: { name }, input }: any) => {
      if (name !== 'planner') return { afterMs: TOOL_MS, output: { passages: [`about ${input.query}`] } };
      return asked++ === 0 ? streamed(TEXT, 8, BROKEN_AT) : second(TEXT);
    },
    0.5,
    callPolicies(),
  );
  const start = (retry: RetryPolicy) =>
    world.start(
      graph('agent', { input: z.any() })
        .plan('research', {
          call: planner,
          tools: [search, calc],
          input: () => 'why?',
          limits: { characters: TEXT.length + 20 },
          repairs: 0,
          retry,
        })
        .output(['research'], ({ research }) => research.output),
    );
  return { world, start };
}

test.each([
  ['from its beginning', 0],
  ['from its middle', 15],
])('a call that shared the broken try of another %s reads its own next try anew', async (_, afterMs) => {
  const { world, start } = sharing((text) => streamed(text, 8));
  const leading = start({ attempts: 1 });
  await world.clock.advance(afterMs);
  const riding = start({ attempts: 3, baseMs: 1 });
  const [lead, ride] = await world.clock.until(Promise.all([leading, riding]));
  expect(lead.error).toMatchObject({ kind: 'retryable', at: 'research' });
  expect(ride.error).toBeUndefined();
  expect(ride.output).toBe('about c');
  expect(ride.record.nodes.research!.calls).toMatchObject([{ attempts: 1 }]);
});

test('who joins the second try of another call reads that from its beginning, and starts tasks as they come', async () => {
  const { world, start } = sharing((text) => streamed(text, 8));
  const leading = start({ attempts: 2, baseMs: 1 });
  await world.clock.advance(40);
  const riding = start({ attempts: 1 });
  const [lead, ride] = await world.clock.until(Promise.all([leading, riding]));
  expect([lead.output, ride.output]).toEqual(['about c', 'about c']);
  expect(world.triesOf('planner')).toHaveLength(2);
  const { research, 'research/t0': first } = ride.record.nodes;
  expect(first!.startMs).toBeLessThan(research!.calls[0]!.endMs);
});

test('a later try is read as it comes: its tasks start while it is written', async () => {
  const { world, outcome } = await retried({
    first: '{"tasks":[',
    second: planOf([
      ['a', 1],
      ['b', 2],
    ]),
  });
  expect(outcome.output.results).toEqual({ a: 1, b: 2 });
  const [, second] = world.triesOf('planner');
  const [a, b] = world.triesOf('calc');
  expect(a!.startMs).toBeLessThan(b!.startMs);
  expect(b!.startMs).toBeLessThan(second!.endMs!);
});

test('a task that a later try writes otherwise takes the place of the one that a broken try had begun', async () => {
  const { world, outcome } = await retried({
    first: begunOf(planOf([['t1', 'old']])),
    second: planOf([['t1', 'new']], { $from: 't1' }),
  });
  expect(outcome.output).toEqual({ results: { t1: 'new' }, output: 'new' });
  const [old, young] = world.triesOf('calc');
  expect(old!.abortMs).toBe(young!.startMs);
  expect(outcome.record.nodes).toMatchObject({
    'research/t1~1': { status: 'cancelled', endMs: old!.abortMs },
    'research/t1': { status: 'succeeded', startMs: young!.startMs },
  });
  expect(outcome.record.criticalPath).toEqual(['research', 'research/t1']);
});

test('a task of a broken try that is not written again is given up, and what it has cost is on record', async () => {
  const { world, outcome } = await retried({
    first: `${begunOf(
      planOf([
        ['a', 1],
        ['b', 2],
      ]),
    )},{"id":`,
    second: planOf([['a', 1]], { $from: 'a' }),
    toolMs: 1,
  });
  expect(outcome.output).toEqual({ results: { a: 1 }, output: 1 });
  expect(inputsOf(world)).toEqual([1, 2]);
  expect(outcome.record.nodes['research/b']).toMatchObject({ status: 'succeeded', calls: [{ costUsd: 1 }] });
  expect(outcome.record.costUsd).toBe(3);
  expect(outcome.record.criticalPath).toEqual(['research']);
});

test('tasks of a broken try are nothing that a later one can refer to before it has written them', async () => {
  const { outcome, world } = await retried({
    first: begunOf(planOf([['a', 1]])),
    second: planOf([['b', { $from: 'a' }]]),
  });
  expect(String((outcome.error!.cause as Error).cause)).toContain('tasks[0] needs "a", and no task before it is named');
  expect(world.inFlight).toEqual([]);
});

test('tasks of a broken try that are given up count for no limit, and are not in flight beside the new ones', async () => {
  const { outcome, world } = await retried({
    first: begunOf(
      planOf([
        ['a', 1],
        ['b', 2],
      ]),
    ),
    second: planOf([
      ['x', 3],
      ['y', 4],
    ]),
    options: { limits: { tasks: 2, fanOut: 2 } },
    toolMs: 1_000,
  });
  expect(outcome.output?.results).toEqual({ x: 3, y: 4 });
  expect(Math.max(...world.triesOf('calc').map(({ inFlight }) => inFlight))).toBe(2);
});

test('what a tool refused of a broken try is no fault of the plan that answers', async () => {
  const bad = { tasks: [{ id: 'a', tool: 'search', input: { q: 'x' } }], output: 1 };
  const { outcome } = await retried({ first: `${begunOf(bad)}          `, second: planOf([['b', 1]]) });
  expect(outcome.error).toBeUndefined();
  expect(outcome.output.results).toEqual({ b: 1 });
});

test('a failure of a task that is given up asks for no further plan', async () => {
  const { outcome, requests } = await plan({
    plans: [],
    tries: (round) => {
      const first = `${begunOf(planOf([['a', 'bad']]))}${' '.repeat(60)}`;
      return round === 1 ? streamed(`${first} `, 10, first.length) : streamed(write(planOf([['b', 1]])), 10);
    },
    options: { repairs: 0, replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, error: new CallError('failed', 'no luck') } : undefined),
  });
  expect(outcome.output.results).toEqual({ b: 1 });
  expect(requests).toHaveLength(2);
});

test('a task is the same whatever the order of its fields', async () => {
  const first = '{"tasks":[{"id":"a","tool":"calc","input":{"x":{"p":null,"q":[2]},"y":2},"needs":[]}]}';
  const again = '{"tasks":[{"input":{"y":2,"x":{"q":[2],"p":null}},"tool":"calc","id":"a"}],"output":{"$from":"a.y"}}';
  const { outcome, world } = await plan({ plans: [first, again] });
  expect(outcome.output?.output).toBe(2);
  expect(world.triesOf('calc')).toHaveLength(1);

  const other = '{"tasks":[{"id":"a","tool":"calc","input":{"x":{"p":null,"q":[3]},"y":2}}],"output":1}';
  const { outcome: failed } = await plan({ plans: [first, other] });
  expect(String((failed.error!.cause as Error).cause)).toContain('tasks[0].id is of a task that has begun');
});

test('a plan that a broken try had begun goes on where the later try says the same', async () => {
  const begun = planOf([
    ['a', 1],
    ['b', { $from: 'a' }],
  ]);
  const { outcome, world } = await retried({ first: begunOf(begun), second: begun, toolMs: 5 });
  expect(outcome.output.results).toEqual({ a: 1, b: 1 });
  expect(inputsOf(world)).toEqual([1, 1]);
});

test('a task that waits for others than before is another task', async () => {
  const tasks = (needs: readonly string[]) => ({
    tasks: [...['a', 'b'].map((id) => ({ id, tool: 'calc', input: id })), { id: 'c', tool: 'calc', input: 1, needs }],
  });
  const again = async (needs: readonly string[]) =>
    (await plan({ plans: [tasks(['a', 'b']), { ...tasks(needs), output: 1 }] })).outcome;
  expect((await again(['b', 'a'])).output?.output).toBe(1);
  for (const needs of [[], ['a']]) {
    expect(String(((await again(needs)).error!.cause as Error).cause)).toContain('is of a task that has begun');
  }
});

test('what stood before a broken try stands after it', async () => {
  const faulty = { tasks: [{ id: 'a', tool: 'calc', input: 1 }] };
  const { outcome, requests, world } = await plan({
    plans: [],
    tries: (round) => {
      if (round === 1) return streamed(write(faulty), 10);
      const broken = begunOf(planOf([['b', 2]]));
      return round === 2
        ? streamed(`${broken} `, 10, broken.length)
        : streamed(write(planOf([['c', { $from: 'a' }]])), 10);
    },
    options: { retry: { baseMs: 1 } } as PlanOptions,
  });
  expect(outcome.output?.results).toEqual({ a: 1, c: 1 });
  expect(requests).toHaveLength(3);
  expect(inputsOf(world)).toEqual([1, 2, 1]);
});

test('what a broken try has begun is given up also if the next is not read to its end', async () => {
  const broken = begunOf(planOf([['a', 1]]));
  const { outcome, requests } = await plan({
    plans: [],
    tries: (round) => {
      if (round === 1) return streamed(`${broken} `, 10, broken.length);
      return streamed(round === 2 ? `{"tasks":[${' '.repeat(200)}` : write(planOf([['a', 2]], { $from: 'a' })), 10);
    },
    options: { limits: { characters: 150 }, retry: { baseMs: 1 } } as PlanOptions,
  });
  expect(requests[2]!.at(-1)!.content).toContain('No task has begun.');
  expect(outcome.output).toEqual({ results: { a: 2 }, output: 2 });
});

/** Tasks of the input `bad` fail after so long, the others answer at once; a broken try is followed after 100 ms. */
const failingAfter = (afterMs: number, texts: readonly (readonly [text: string, breaksAt?: number])[], attempts = 3) =>
  plan({
    plans: [],
    tries: (round) => streamed(texts[round - 1]![0], 1, texts[round - 1]![1]),
    options: { repairs: 0, retry: { attempts, baseMs: 200 } } as PlanOptions,
    reply: (_, input) =>
      input === 'bad' ? { afterMs, error: new CallError('failed', 'no luck') } : { afterMs: 1, output: input },
  });

const BAD = write(planOf([['a', 'bad']], { $from: 'a' }));
/** Behind its task. */
const BAD_AT = BAD.indexOf('],"output"') + 1;
const OTHER = write(planOf([['b', 1]], { $from: 'b' }));

test('a task of a broken try that fails before the next try, which does not write it, fails nothing', async () => {
  const { outcome } = await failingAfter(20, [[BAD, BAD_AT], [OTHER]]);
  expect(outcome.output).toEqual({ results: { b: 1 }, output: 1 });
  expect(outcome.record.nodes).toMatchObject({ 'research/a': { status: 'failed' } });
  expect(outcome.record.criticalPath).toEqual(['research']);
});

test('a task of a broken try that fails before the next try has parted from it fails nothing', async () => {
  const startMs = BAD_AT + 1 + 100;
  const { outcome, world } = await failingAfter(startMs + 20 - BAD_AT, [[BAD, BAD_AT], [OTHER]]);
  expect(outcome.output).toEqual({ results: { b: 1 }, output: 1 });
  const [, second] = world.triesOf('planner');
  const [bad, good] = world.triesOf('calc');
  expect(second!.startMs).toBe(startMs);
  expect(bad!.endMs).toBeGreaterThan(second!.startMs);
  expect(bad!.endMs).toBeLessThan(good!.startMs);
});

test('a task of a broken try that has failed ends the node once the next try has written it again', async () => {
  const { outcome, world } = await failingAfter(20, [[BAD, BAD_AT], [BAD]]);
  expect(outcome.error).toMatchObject({ kind: 'failed', at: 'research/a', message: 'research/a: no luck' });
  const [, second] = world.triesOf('planner');
  expect(outcome.record.wallMs).toBe(second!.startMs + BAD_AT - 1);
  expect(world.triesOf('calc')).toHaveLength(1);
});

test('a failure that outlasts several broken tries is of the first to write its task again', async () => {
  const short = '{"tasks":[ ';
  const { outcome } = await failingAfter(20, [[BAD, BAD_AT], [BAD, short.length], [OTHER]]);
  expect(outcome.output?.output).toBe(1);
  const { outcome: failed } = await failingAfter(20, [[BAD, BAD_AT], [BAD, short.length], [BAD]]);
  expect(failed.error).toMatchObject({ at: 'research/a' });
});

test('if no try of the planner is left, the node fails as the planner did, whatever failed of the last', async () => {
  const { outcome, world } = await failingAfter(
    20,
    [
      [BAD, BAD_AT],
      [BAD, BAD_AT - 20],
    ],
    2,
  );
  expect(outcome.error).toMatchObject({ kind: 'retryable', at: 'research', message: 'research: reset' });
  expect(world.inFlight).toEqual([]);
});
