import { graph } from 'cdk-compound-inference/graph';
import { CallError, InputError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { heard } from './support/process';
import { graphOf, graphShape, idOf, needsOf, replyOf } from './support/shapes';
import { anyTool, order, World } from './support/world';

const any = { input: z.any() };
const fail = (thrown: unknown) => () => {
  throw thrown;
};

test('a failure stops exactly what needs its node, up to nodes with a fallback, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(graphShape, async (shape) => {
      const world = new World(replyOf(shape));
      const { record } = await world.run(graphOf(shape, world.clock));
      const statusOf = (i: number) => record.nodes[idOf(i)]!.status;
      const isLost = (i: number): boolean => {
        const { kind, fallback } = shape.nodes[i]!;
        const failed = statusOf(i) === 'failed' || needsOf(shape, i).some(isLost);
        return failed && (kind === 'map' || fallback === undefined);
      };
      for (const i of shape.nodes.keys()) expect(statusOf(i) === 'stopped').toBe(needsOf(shape, i).some(isLost));
    }),
  );
});

test('a node with a fallback goes on with it, whether it failed itself or was stopped', async () => {
  const world = new World(({ component }) =>
    component.name === 'broken' ? { error: new Error('no') } : { output: 'fine' },
  );
  const agent = graph('agent', any)
    .node('search', { call: anyTool('broken'), input: () => 0 })
    .node('summary', ['search'], { call: anyTool('writer'), input: () => 0, default: 'no summary' })
    .node('links', ['search'], { call: anyTool('linker'), input: () => 0, optional: true })
    .node('title', { call: anyTool('broken-too'), input: fail(new Error('no')), optional: true })
    .output(['summary', 'links', 'title'], (values) => ({ ...values }));
  const { output, record } = await world.run(agent);
  expect(output).toEqual({ input: {}, summary: 'no summary', links: undefined, title: undefined });
  expect(record).toMatchObject({
    status: 'succeeded',
    nodes: { search: { status: 'failed' }, summary: { status: 'stopped' }, title: { status: 'failed' } },
  });
  expect(order(world.tries)).toEqual(['broken']);
});

test('a skipped node has its default as value, or undefined; a skipped map is never a default, which is that of an item', async () => {
  const when = () => false;
  const call = { call: anyTool('a'), input: () => 0, when };
  const agent = graph('agent', any)
    .node('bare', call)
    .node('node', { ...call, default: 'd' })
    .compute('function', [], () => 0, { when, default: 1 })
    .map('map', { ...call, over: () => [1], default: 'd' })
    .output((values) => ({ ...values }));
  const world = new World();
  const { output, record } = await world.run(agent);
  expect(output).toEqual({ input: {}, bare: undefined, node: 'd', function: 1, map: undefined });
  expect(Object.values(record.nodes).map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  expect(world.tries).toEqual([]);
});

test('items of a map with a fallback fail by themselves', async () => {
  const world = new World(({ input }) => (input === 2 ? { error: new CallError('failed', 'no') } : { output: input }));
  const call = { over: () => [1, 2, 3], call: anyTool('a'), input: (item: number) => item };
  const agent = graph('agent', any)
    .map('gaps', { ...call, optional: true })
    .map('filled', { ...call, default: 0 })
    .output((values) => ({ ...values }));
  const { output, record } = await world.run(agent);
  expect(output).toEqual({ input: {}, gaps: [1, undefined, 3], filled: [1, 0, 3] });
  expect(record.nodes.gaps).toMatchObject({ status: 'succeeded', calls: [{}, { error: { at: 'gaps[1]' } }, {}] });
});

test('an item whose input cannot be made fails like one whose call does', async () => {
  const input = (item: number) => (item === 1 ? fail(new Error('no input'))() : item);
  const call = { over: () => [0, 1, 2], call: anyTool('a'), input };
  const world = new World(({ input: asked }) => ({ output: asked }));
  const optional = graph('agent', any)
    .map('a', { ...call, default: 'none' })
    .output(({ a }) => a);
  const { output, record } = await world.run(optional);
  expect(output).toEqual([0, 'none', 2]);
  expect(record.nodes.a!.calls).toMatchObject([
    { attempts: 1 },
    { attempts: 0, error: { at: 'a[1]', kind: 'failed', message: 'no input' } },
    { attempts: 1 },
  ]);
  const strict = graph('agent', any)
    .map('a', call)
    .output(({ a }) => a);
  expect((await world.run(strict)).error).toMatchObject({ at: 'a[1]', message: 'a[1]: no input' });
});

test('a map fails with its first item to fail, aborts the others and starts no more', async () => {
  const world = new World(({ input }) => ({
    afterMs: input as number,
    ...(input === 20 && { error: new Error('no') }),
  }));
  const agent = graph('agent', any)
    .map('a', { over: () => [100, 20, 200, 300], call: anyTool('a'), input: (ms) => ms, concurrency: 3 })
    .output(() => 0);
  const { error, record } = await world.run(agent);
  expect(error).toMatchObject({ at: 'a[1]', message: 'a[1]: no' });
  expect(record.wallMs).toBe(20);
  expect(world.tries.map(({ input, abortMs }) => [input, abortMs])).toEqual([
    [100, 20],
    [20, undefined],
    [200, 20],
  ]);
  expect(world.tries.map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
});

test('a run goes on with what a failure does not stop, and then fails', async () => {
  const world = new World(({ component }) => (component.name === 'a' ? { error: new Error('no') } : { afterMs: 100 }));
  const agent = graph('agent', any)
    .node('a', { call: anyTool('a'), input: () => 0 })
    .node('b', { call: anyTool('b'), input: () => 0 })
    .node('c', ['b'], { call: anyTool('c'), input: () => 0 })
    .output(() => 0);
  const { error, record } = await world.run(agent);
  expect(error).toMatchObject({ kind: 'failed', at: 'a' });
  expect(record).toMatchObject({
    status: 'failed',
    wallMs: 200,
    criticalPath: ['b', 'c'],
    nodes: { c: { status: 'succeeded' } },
  });
});

describe('whatever a graph throws, its run fails with what and where', () => {
  const call = { call: anyTool('a'), input: () => 0 };
  const start = graph('agent', any);
  const boom = new Error('boom');

  test.each([
    ['when', start.node('a', { ...call, when: fail(boom) }).output(() => 0), 'a'],
    [
      'when of a map',
      start.map('a', { ...call, over: () => [], when: fail(boom), optional: true }).output(() => 0),
      'a',
    ],
    ['input', start.node('a', { ...call, input: fail(boom) }).output(() => 0), 'a'],
    ['over', start.map('a', { ...call, over: fail(boom), optional: true }).output(() => 0), 'a'],
    ['input of an item', start.map('a', { ...call, over: () => [1], input: fail(boom) }).output(() => 0), 'a[0]'],
    ['a function', start.compute('a', [], fail(boom)).output(() => 0), 'a'],
    ['an asynchronous function', start.compute('a', [], async () => fail(boom)()).output(() => 0), 'a'],
    ['the output', start.compute('a', [], () => 0).output(fail(boom)), 'output'],
  ])('%s', async (_, agent, at) => {
    const world = new World();
    expect((await world.run(agent)).error).toMatchObject({
      kind: 'failed',
      at,
      message: `${at}: boom`,
      cause: { cause: boom },
    });
    expect(world.engineTimers).toBe(0);
  });

  test.each([
    ['a string', 'gone wrong', 'gone wrong'],
    ['nothing', undefined, 'undefined'],
    ['an object', { code: 5 }, '{"code":5}'],
    ['an object without prototype', Object.create(null), '{}'],
    ['a symbol', Symbol('x'), 'symbol'],
    ['an error without message', new TypeError(), 'TypeError'],
    ['errors of a refused connection', new AggregateError([new Error('ECONNREFUSED')]), 'AggregateError'],
  ])('%s', async (_, thrown, message) => {
    const world = new World(() => ({ error: thrown }));
    const agent = start
      .node('called', { ...call, optional: true })
      .compute('computed', [], fail(thrown), { optional: true })
      .compute('rejected', [], () => Promise.reject(thrown as Error), { optional: true })
      .output(() => 0);
    const { record } = await world.run(agent);
    expect(Object.values(record.nodes).map(({ error }) => error!.message)).toEqual([message, message, message]);
  });
});

test.each([undefined, null, 'text', 5, new Set([1]), { length: 1 }])(
  '"over" must return a list, not %p',
  async (value) => {
    const agent = graph('agent', any)
      .map('a', { over: () => value as unknown as [], call: anyTool('a'), input: () => 0 })
      .output(() => 0);
    const { error } = await new World().run(agent);
    expect(error).toMatchObject({
      kind: 'invalid',
      at: 'a',
      message: expect.stringContaining('"over" must return a list or an async iterable, got:'),
    });
  },
);

describe('a function may return anything that can be awaited', () => {
  const start = graph('agent', any);
  const world = new World();
  type Resolve = (value: unknown) => void;
  const thenable = (then: (resolve: Resolve) => unknown) => () => ({ then });

  test.each<[string, () => unknown]>([
    ['a promise', () => Promise.resolve('value')],
    ['a promise of a promise', async () => Promise.resolve('value')],
    ['a thenable that answers at once', thenable((resolve) => resolve('value'))],
    ['a thenable that answers later', thenable((resolve) => void world.clock.setTimer(() => resolve('value'), 5))],
    ['a thenable of a thenable', thenable((resolve) => resolve(thenable((inner) => inner('value'))()))],
    ['a thenable that answers twice', thenable((resolve) => [resolve('value'), resolve('again')])],
  ])('%s', async (_, run) => {
    const unlimited = start.compute('a', [], run).output(({ a }) => a);
    const limited = start.compute('a', [], run, { timeout: { nodeMs: 10 } }).output(({ a }) => a);
    expect((await world.run(unlimited)).output).toBe('value');
    expect((await world.run(limited)).output).toBe('value');
  });
});

test('a caller that throws fails the call', async () => {
  const agent = graph('agent', any)
    .node('a', { call: anyTool('a'), input: () => 0 })
    .output(() => 0);
  const world = new World(fail(new Error('caller is broken')));
  expect((await world.run(agent)).error).toMatchObject({ kind: 'failed', message: 'a: caller is broken' });
});

describe('an input that its graph refuses', () => {
  const agent = graph('support', {
    input: z.object({ question: z.string(), tags: z.array(z.object({ id: z.number() })) }),
  })
    .node('a', { call: anyTool('a'), input: () => 0 })
    .output(() => 0);

  test('starts nothing, and the error names every field', async () => {
    const world = new World();
    const run = world.engine.run(agent, { tags: [{ id: 1 }, { id: 'x' }] } as any);
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ issues: [{ path: 'question' }, { path: 'tags[1].id' }] });
    expect((error as Error).message).toMatch(
      /^the input of graph "support" does not match its schema: question: .*; tags\[1\]\.id: /,
    );
    expect({ tries: world.tries, timers: world.engineTimers }).toEqual({ tries: [], timers: 0 });
  });
});

test('an output that its schema refuses fails the run, which is put on record', async () => {
  const agent = graph('agent', { ...any, output: z.object({ answer: z.string() }) })
    .compute('a', [], () => 0)
    .output(() => ({ answer: 5 }) as any);
  const { error, record } = await new World().run(agent);
  expect(error).toMatchObject({
    kind: 'failed',
    at: 'output',
    message: 'output: does not match its schema',
  });
  expect(record).toMatchObject({ status: 'failed', nodes: { a: { status: 'succeeded' } } });
});

test('an output schema may transform the answer', async () => {
  const agent = graph('agent', { ...any, output: z.string().transform((text) => text.length) }).output(() => 'four');
  expect((await new World().run(agent)).output).toBe(4);
});

test('no failure of random graphs leaves a rejection unhandled', async () => {
  const unhandled = await heard('unhandledRejection', () =>
    fc.assert(
      fc.asyncProperty(graphShape, async (shape) => {
        const world = new World(replyOf(shape));
        await world.run(graphOf(shape, world.clock), {}, { deadlineMs: 100 });
        await world.clock.runAll();
      }),
    ),
  );
  expect(unhandled).toEqual([]);
});

test('what one run does to a default, no other run sees', async () => {
  const agent = graph('agent', { input: z.object({ user: z.string() }) })
    .compute('seen', [], (): string[] => [], { when: () => false, default: [] })
    .compute('users', ['seen'], ({ seen, input }) => seen.splice(0, 0, input.user) && seen)
    .output(['users'], ({ users }) => users);
  const world = new World();
  await world.run(agent, { user: 'alice' });
  expect((await world.run(agent, { user: 'bob' })).output).toEqual(['bob']);
});
