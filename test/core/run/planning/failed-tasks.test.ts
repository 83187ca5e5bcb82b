import { CallError } from 'cdk-compound-inference/run';
import { plan, write } from './support';

const t = (id: string, input: unknown, tool = 'calc') => ({ id, tool, input });
const NO_LUCK = { error: new CallError('failed', 'no luck') };

const FIRST = { tasks: [t('a', 'bad'), t('b', { $from: 'a' }), t('c', { $from: 'b' })], output: { $from: 'c' } };
const SECOND = { tasks: [t('d', 'good')], output: { $from: 'd' } };

test.each([
  ['while the planner still writes', 1],
  ['after it has written', 5_000],
])('a task that fails %s ends nothing as long as there can be a further plan', async (_, afterMs) => {
  const { outcome, requests, world } = await plan({
    plans: [FIRST, SECOND],
    partCharacters: 5,
    options: { repairs: 0, replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs, ...NO_LUCK } : undefined),
  });
  expect(outcome.error).toBeUndefined();
  expect(world.triesOf('calc').map(({ input }) => input as unknown)).toEqual(['bad', 'good']);
  expect(outcome.record.nodes).toMatchObject({
    'research/a': { status: 'failed' },
    'research/b': { status: 'stopped', calls: [] },
    'research/c': { status: 'stopped', calls: [] },
  });
  expect(outcome.output).toEqual({ results: { d: 'good' }, output: 'good' });
  expect(requests).toHaveLength(2);
});

test('the planner is told which tasks failed, and which were not run because of that', async () => {
  const { requests } = await plan({
    plans: [FIRST, SECOND],
    options: { replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, ...NO_LUCK } : undefined),
  });
  expect(requests[1]!.at(-1)!.content.split('\n')).toEqual([
    'The tasks have ended:',
    '- a: failed (failed): no luck',
    '- b: was not run, because it needs a, which did not succeed',
    '- c: was not run, because it needs b, which did not succeed',
    'Answer with a plan of what is still to do, as JSON and nothing else.',
    'Tasks that succeeded can be referred to. What failed or was not run is run if you write it again.',
  ]);
});

test('an id of a task that was not run may be given again', async () => {
  const { outcome } = await plan({
    plans: [FIRST, { tasks: [t('b', 'instead')], output: { $from: 'b' } }],
    options: { repairs: 0, replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, ...NO_LUCK } : undefined),
  });
  expect(outcome.output?.output).toBe('instead');
  expect(outcome.record.nodes).toMatchObject({
    'research/a': { status: 'failed' },
    'research/b~1': { status: 'stopped' },
    'research/b': { status: 'succeeded' },
    'research/c': { status: 'stopped' },
  });
});

/** Fails `bad` so many times. */
const failing = (times: number) => (_: string, input: unknown) =>
  input === 'bad' && times-- > 0 ? { afterMs: 1, ...NO_LUCK, costUsd: 1 } : { afterMs: 1, output: input, costUsd: 1 };

test('a failed task that the planner writes again is run anew, and what needs it needs the new one', async () => {
  const { outcome, world } = await plan({
    plans: [FIRST, FIRST],
    options: { repairs: 0, replans: 1 },
    reply: failing(1),
  });
  expect(outcome.output).toEqual({ results: { a: 'bad', b: 'bad', c: 'bad' }, output: 'bad' });
  expect(world.triesOf('calc')).toHaveLength(4);
  expect(outcome.record.nodes).toMatchObject({
    'research/a~1': { status: 'failed', calls: [{ attempts: 1 }] },
    'research/b~1': { status: 'stopped', calls: [] },
    'research/c~1': { status: 'stopped', calls: [] },
    'research/a': { status: 'succeeded', calls: [{ attempts: 1 }] },
    'research/b': { status: 'succeeded' },
    'research/c': { status: 'succeeded' },
  });
  expect(outcome.record.criticalPath).toEqual(['research', 'research/a~1', 'research/a', 'research/b', 'research/c']);
});

test('an id of a task that failed may be given to another', async () => {
  const { outcome } = await plan({
    plans: [FIRST, { tasks: [t('a', 'other')], output: { $from: 'a' } }],
    options: { repairs: 0, replans: 1 },
    reply: failing(1),
  });
  expect(outcome.output).toEqual({ results: { a: 'other' }, output: 'other' });
});

test('a failed task that fails again when it is run anew ends the node once there can be no further plan', async () => {
  const planned = (replans: number) => plan({ plans: [FIRST], options: { replans }, reply: failing(Infinity) });
  for (const replans of [1, 2]) {
    const { outcome, world } = await planned(replans);
    expect(outcome.error).toMatchObject({ kind: 'failed', at: 'research/a', message: 'research/a: no luck' });
    expect(world.triesOf('calc')).toHaveLength(replans + 1);
    expect(outcome.record.nodes).toMatchObject({ 'research/a~1': { status: 'failed' } });
  }
});

test('a failed task counts for the limit of tasks, and one that was not run does not', async () => {
  const planned = (tasks: number) =>
    plan({
      plans: [{ tasks: [t('a', 'bad'), t('b', { $from: 'a' })], output: 1 }, FIRST],
      options: { limits: { tasks }, repairs: 0, replans: 1 },
      reply: failing(1),
    });
  expect((await planned(4)).outcome.output?.output).toBe('bad');
  const { outcome } = await planned(3);
  expect((outcome.error!.cause as any).cause.faults[0]).toContain('has more than 3 tasks, with those before');
});

test('a failed task counts for no fan, so that it can be written again', async () => {
  const users = {
    tasks: [t('a', 1), t('b', ['bad'], 'calc'), t('c', 2)].map((task, i) => ({ ...task, needs: i ? ['a'] : [] })),
  };
  const { outcome } = await plan({
    plans: [
      { ...users, replan: true },
      { ...users, output: { $from: 'b' } },
    ],
    options: { limits: { fanOut: 2 }, repairs: 0, replans: 1 },
    reply: (
      (times) => (_, input) =>
        Array.isArray(input) && times-- > 0 ? NO_LUCK : { output: input }
    )(1),
  });
  expect(outcome.output?.output).toEqual(['bad']);
});

const NEEDS_FAILED = { tasks: [t('d', { $from: 'a' })], output: { $from: 'd' } };

test('who repairs a further plan is told what has failed, and may write it again', async () => {
  const { outcome, requests } = await plan({
    plans: [FIRST, { ...NEEDS_FAILED, tasks: [t('e', 1), ...NEEDS_FAILED.tasks] }, FIRST],
    options: { replans: 1 },
    reply: failing(1),
  });
  expect(requests[2]!.at(-1)!.content.split('\n')).toEqual([
    'Your plan has faults:',
    '- tasks[1] needs "a", which has failed: write it again before this one, or do without',
    'These tasks have begun: e. They can be referred to; do not write them again.',
    'These tasks have failed: a. They can be referred to only if you write them again.',
    'Answer with the plan without faults, as JSON and nothing else.',
  ]);
  expect(outcome.output).toEqual({ results: { e: 1, a: 'bad', b: 'bad', c: 'bad' }, output: 'bad' });
});

test('who repairs a further plan is not told that a task has failed which runs anew', async () => {
  const { outcome, requests } = await plan({
    plans: [FIRST, { ...FIRST, output: undefined }, FIRST],
    options: { replans: 1 },
    reply: failing(1),
  });
  const { content } = requests[2]!.at(-1)!;
  expect(content).toContain('These tasks have begun: a, b, c.');
  expect(content).not.toContain('have failed');
  expect(outcome.output?.output).toBe('bad');
});

test('what needs a failed task that is written again with a fault has no fault of its own', async () => {
  const { outcome } = await plan({
    plans: [FIRST, { tasks: [t('a', 'bad', 'rm'), ...NEEDS_FAILED.tasks], output: 1 }],
    options: { repairs: 0, replans: 1 },
    reply: failing(1),
  });
  expect((outcome.error!.cause as any).cause.faults).toEqual([expect.stringContaining('tasks[0].tool must be one of')]);
});

test('a failed task for which the planner waited is on the critical path, also if the further plan is repaired', async () => {
  const { outcome } = await plan({
    plans: [{ ...FIRST, tasks: [t('quick', 1), ...FIRST.tasks] }, NEEDS_FAILED, SECOND],
    options: { replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 50, ...NO_LUCK } : { afterMs: 1, output: input }),
  });
  expect(outcome.record.criticalPath).toEqual(['research', 'research/a', 'research/d']);
});

test('a plan that needs what has failed, as its planner was told, is faulty', async () => {
  const { outcome, requests } = await plan({
    plans: [FIRST, { tasks: [t('d', { $from: 'a' })], output: 1 }],
    options: { repairs: 0, replans: 2 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, ...NO_LUCK } : undefined),
  });
  expect(requests).toHaveLength(2);
  expect(String((outcome.error!.cause as Error).cause)).toContain('tasks[0] needs "a", which has failed');
});

test('a failure that came while a faulty plan was written is told once the plan is repaired', async () => {
  const faulty = { tasks: [t('a', 'bad'), t('x', 1, 'rm')], output: { $from: 'a' } };
  const repaired = { tasks: [t('b', { $from: 'a' })], output: { $from: 'b' } };
  const { outcome, requests } = await plan({
    plans: [faulty, repaired, SECOND],
    partCharacters: 5,
    options: { repairs: 1, replans: 1 },
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, ...NO_LUCK } : undefined),
  });
  expect(outcome.output?.output).toBe('good');
  expect(requests).toHaveLength(3);
});

test('what needs a task that its tool refused is no fault of its own', async () => {
  const bad = { tasks: [t('a', { q: 'x' }, 'search'), t('b', { $from: 'a' }), t('c', 1)], output: { $from: 'b' } };
  for (const partCharacters of [1, 1_000]) {
    const { outcome } = await plan({ plans: [bad], partCharacters, options: { repairs: 0 } });
    expect((outcome.error!.cause as any).cause.faults).toEqual([expect.stringContaining('a.input: ')]);
  }
});

test('without further plans a task that fails ends the node while its planner still writes', async () => {
  const { outcome, world } = await plan({
    plans: [FIRST],
    partCharacters: 1,
    reply: (_, input) => (input === 'bad' ? { afterMs: 10, ...NO_LUCK } : undefined),
  });
  expect(outcome.error).toMatchObject({ at: 'research/a' });
  const failedMs = world.triesOf('calc')[0]!.endMs!;
  expect(outcome.record.wallMs).toBeGreaterThanOrEqual(failedMs);
  expect(outcome.record.wallMs).toBeLessThanOrEqual(failedMs + 1);
});

test('without further plans a task that fails while the plan is repaired ends the node at once', async () => {
  const { outcome, world } = await plan({
    plans: [],
    tries: (round) => ({
      afterMs: round === 1 ? 10 : 10_000,
      output: { text: write({ tasks: [t('a', 'bad')] }), finishReason: 'stop' },
    }),
    reply: () => ({ afterMs: 50, ...NO_LUCK }),
  });
  expect(outcome.error).toMatchObject({ at: 'research/a' });
  expect(outcome.record.wallMs).toBe(60);
  expect(world.triesOf('planner')).toHaveLength(2);
});

test('without further plans a task that failed after the last word of its planner leaves no faults to be repaired', async () => {
  const text = write({ tasks: [t('slow', 'slow'), t('a', 'bad'), t('x', 1, 'rm')], output: 1 });
  const { outcome, world } = await plan({
    plans: [],
    tries: () => ({ parts: [{ afterMs: 10, text }], afterMs: 100, output: { text, finishReason: 'stop' } }),
    reply: (_, input) => (input === 'bad' ? { afterMs: 50, ...NO_LUCK } : { afterMs: 1_000 }),
  });
  expect(outcome.error).toMatchObject({ at: 'research/a' });
  expect(outcome.record.wallMs).toBe(100);
  expect(world.triesOf('planner')).toHaveLength(1);
});

test('without further plans a task that fails leaves no faults to be repaired', async () => {
  const { outcome, world } = await plan({
    plans: [{ tasks: [t('a', 'bad')], output: { $from: 'a.b' } }],
    reply: () => ({ afterMs: 5, ...NO_LUCK }),
  });
  expect(outcome.error).toMatchObject({ at: 'research/a' });
  expect(world.triesOf('planner')).toHaveLength(1);
  expect(outcome.record.nodes.research!.calls).toHaveLength(1);
});

test('without further plans a task that fails while the planner writes ends the node with its own error', async () => {
  const { outcome, world } = await plan({
    plans: [FIRST],
    partCharacters: 5,
    reply: (_, input) => (input === 'bad' ? { afterMs: 1, ...NO_LUCK } : undefined),
  });
  expect(outcome.error).toMatchObject({ kind: 'failed', at: 'research/a', message: 'research/a: no luck' });
  expect(world.triesOf('planner')).toHaveLength(1);
  expect(world.inFlight).toEqual([]);
});

const roots = (of: string) => [1, 2, 3].map((i) => t(`${of}${i}`, `${of}${i}`));

test('tasks that need none and are still under way count for the limit of a repaired plan', async () => {
  const { outcome, world } = await plan({
    plans: [
      { tasks: [...roots('a'), t('bad', 1, 'rm')], output: 1 },
      { tasks: roots('b'), output: 2 },
    ],
    options: { limits: { fanOut: 3 } },
    reply: () => ({ afterMs: 500, output: 1 }),
  });
  expect(String((outcome.error!.cause as Error).cause)).toContain(
    'tasks[0] is one of more than 3 tasks that need none',
  );
  expect(world.triesOf('calc')).toHaveLength(3);
});

test('tasks that need none and have ended make room for those of a repaired and of a further plan', async () => {
  const { outcome } = await plan({
    plans: [
      { tasks: [...roots('a'), t('bad', 1, 'rm')], output: 1 },
      { tasks: roots('b'), replan: true },
      { tasks: roots('c'), output: 2 },
    ],
    options: { limits: { fanOut: 3 }, replans: 1 },
    reply: () => ({ afterMs: 1, output: 1 }),
    partCharacters: 20,
  });
  expect(outcome.output?.output).toBe(2);
});

test('whether one text has too many tasks that need none does not depend on how fast tools are', async () => {
  for (const afterMs of [1, 1_000]) {
    const { outcome } = await plan({
      plans: [{ tasks: [...roots('a'), ...roots('b')], output: 1 }],
      options: { limits: { fanOut: 5 }, repairs: 0 },
      partCharacters: 1,
      reply: () => ({ afterMs, output: 1 }),
    });
    expect((outcome.error!.cause as any).cause.faults).toEqual(['tasks[5] is one of more than 5 tasks that need none']);
  }
});

test('tasks that need others are none of those that need none', async () => {
  const { outcome } = await plan({
    plans: [{ tasks: [t('a', 1), t('b', 2), t('c', { $from: 'a' }), t('d', { $from: 'c' })], output: 1 }],
    options: { limits: { fanOut: 2 }, repairs: 0 },
  });
  expect(outcome.output?.output).toBe(1);
  const { outcome: mixed } = await plan({
    plans: [{ tasks: [t('a', 1), t('c', { $from: 'a' }), t('b', 2)], output: 1 }],
    options: { limits: { fanOut: 2 }, repairs: 0 },
  });
  expect(mixed.output?.output).toBe(1);
});

test('the limit of tasks is one of all plans', async () => {
  const further = (ids: readonly string[]) => ({ tasks: ids.map((id) => t(id, id)), output: 1 });
  const planned = (ids: readonly string[]) =>
    plan({
      plans: [{ tasks: [t('a', 1)], replan: true }, further(ids)],
      options: { limits: { tasks: 2 }, repairs: 0, replans: 1 },
    });
  expect((await planned(['b'])).outcome.output?.output).toBe(1);
  const { outcome } = await planned(['b', 'c']);
  expect(String((outcome.error!.cause as Error).cause)).toContain('has more than 2 tasks, with those before');
});

test('what needs a faulty task has no fault of its own', async () => {
  const { outcome, world } = await plan({
    plans: [{ tasks: [t('a', 1, 'rm'), t('b', { $from: 'a' })], output: { $from: 'a' } }],
    options: { repairs: 0 },
  });
  expect((outcome.error!.cause as any).cause.faults).toEqual([expect.stringContaining('tasks[0].tool must be one of')]);
  expect(world.triesOf('calc')).toEqual([]);
});
