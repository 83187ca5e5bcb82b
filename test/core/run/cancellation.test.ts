import { getEventListeners } from 'node:events';
import { graph, type Schema } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { chaos, suffer } from './support/chaos';
import { type PredictedNode, predict } from './support/prediction';
import { heard } from './support/process';
import { graphOf, graphShape, idOf, replyOf } from './support/shapes';
import { promisesToSettle } from './support/virtual-clock';
import { anyTool, order, World } from './support/world';

const any = { input: z.any() };

test('however a run ends, nothing of it goes on: no try runs unaborted or starts, no timer and no listener is left', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { world, tries, engineTimers, listeners } = await suffer(bounds);
      expect(world.inFlight.filter(({ signal }) => !signal.aborted)).toEqual([]);
      expect({ engineTimers, listeners }).toEqual({ engineTimers: 0, listeners: 0 });
      await world.clock.runAll();
      expect(world.tries).toHaveLength(tries);
      expect({ inFlight: world.inFlight, timers: world.clock.liveTimers }).toEqual({ inFlight: [], timers: 0 });
    }),
    { numRuns: 400 },
  );
});

test('a cancelled run is the same run up to then, and ends then', async () => {
  // Between the moments at which anything else happens.
  const cancelMs = fc.nat(200).map((ms) => ms + 0.11);
  const until = (at: number, { status, startMs, endMs }: PredictedNode) =>
    endMs < at
      ? { status, startMs: expect.closeTo(startMs, 6) as number, endMs: expect.closeTo(endMs, 6) as number }
      : { status: 'cancelled', startMs: expect.closeTo(Math.min(startMs, at), 6) as number, endMs: at };

  await fc.assert(
    fc.asyncProperty(graphShape, cancelMs, async (shape, at) => {
      const { nodes, wallMs } = predict(shape, 0.5);
      fc.pre(at < wallMs);
      const world = new World(replyOf(shape), 0.5);
      const controller = new AbortController();
      world.clock.setTimer(() => controller.abort(), at);
      const { record, error } = await world.run(graphOf(shape, world.clock), {}, { signal: controller.signal });

      expect(error).toMatchObject({ kind: 'cancelled', message: 'the run was cancelled', at: undefined });
      expect(record).toMatchObject({ status: 'cancelled', wallMs: at });
      const expected = nodes.map((node, i) => [idOf(i), expect.objectContaining(until(at, node))]);
      expect(record.nodes).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 300 },
  );
});

test('a run that is cancelled before it starts calls nothing', async () => {
  const world = new World();
  const agent = graph('agent', any)
    .node('a', { call: anyTool('a'), input: () => 0 })
    .compute('b', [], () => {
      throw new Error('must not run');
    })
    .output(() => 0);
  const signal = AbortSignal.abort();
  const { error, record } = await world.run(agent, {}, { signal, deadlineMs: 100 });

  expect(error).toMatchObject({ kind: 'cancelled' });
  expect(world.tries).toEqual([]);
  expect(record).toMatchObject({ wallMs: 0, criticalPath: [], nodes: { a: { status: 'cancelled', calls: [] } } });
  expect({ timers: world.engineTimers, listeners: getEventListeners(signal, 'abort') }).toEqual({
    timers: 0,
    listeners: [],
  });
});

test('a graph without nodes can be cancelled before it starts too', async () => {
  const agent = graph('empty', any).output(() => 0);
  expect((await new World().run(agent, {}, { signal: AbortSignal.abort() })).error).toMatchObject({
    kind: 'cancelled',
  });
});

test.each(['when', 'input', 'over', 'run'])(
  'a run that is cancelled from within a "%s" makes no call after it',
  async (where) => {
    const controller = new AbortController();
    const cancelIn = (place: string) => {
      if (where === place) controller.abort();
    };
    const world = new World();
    const agent = graph('agent', { ...any, timeout: { nodeMs: 1_000 } })
      .compute('run', [], () => cancelIn('run'))
      .map('over', {
        when: () => {
          cancelIn('when');
          return true;
        },
        over: () => {
          cancelIn('over');
          return [1, 2];
        },
        call: anyTool('a'),
        input: () => cancelIn('input'),
      })
      .output(() => 0);
    const { error } = await world.run(agent, {}, { signal: controller.signal });
    expect(error).toMatchObject({ kind: 'cancelled' });
    expect(world.tries).toEqual([]);
    expect(world.engineTimers).toBe(0);
  },
);

test('a run that is cancelled from within a backend ends with no timer left, even if the backend never does', async () => {
  const controller = new AbortController();
  const world = new World(() => {
    controller.abort();
    return { afterMs: Infinity, ignoresAbort: true };
  });
  const agent = graph('agent', { ...any, timeout: { firstChunkMs: 100 } })
    .node('a', { call: anyTool('a'), input: () => 0 })
    .output(() => 0);
  expect((await world.run(agent, {}, { signal: controller.signal })).error).toMatchObject({ kind: 'cancelled' });
  await promisesToSettle();
  expect(world.engineTimers).toBe(0);
});

test('a function that asks for its signal only after the run was cancelled finds it aborted', async () => {
  const world = new World();
  const controller = new AbortController();
  let isAborted: boolean | undefined;
  const agent = graph('agent', any)
    .compute('late', [], async (_, context) => {
      await new Promise<void>((resolve) => world.clock.setTimer(resolve, 10));
      isAborted = context.signal.aborted;
    })
    .output(() => 0);
  world.clock.setTimer(() => controller.abort(), 5);
  await world.run(agent, {}, { signal: controller.signal });
  await world.clock.runAll();
  expect(isAborted).toBe(true);
});

test('a call that waits for its place, for its next try or for a copy ends with the run', async () => {
  const controller = new AbortController();
  const world = new World(({ component }) => {
    if (component.name === 'busy') return { afterMs: 1_000 };
    return { error: new CallError(component.name === 'cold' ? 'not-ready' : 'throttled', 'not yet') };
  });
  const busy = anyTool('busy', 1);
  const agent = graph('agent', any)
    .node('first', { call: busy, input: () => 0 })
    .node('queued', { call: busy, input: () => 0 })
    .node('throttled', { call: anyTool('throttled'), input: () => 0 })
    .node('cold', { call: anyTool('cold'), input: () => 0 })
    .output(() => 0);
  world.clock.setTimer(() => controller.abort(), 10);
  const { record } = await world.run(agent, {}, { signal: controller.signal });

  const ended = { status: 'cancelled', startMs: 0, endMs: 10 };
  expect(record.nodes).toMatchObject({
    first: { ...ended, calls: [{ attempts: 1, waitMs: 0, coldMs: 0, endMs: 10 }] },
    queued: { ...ended, calls: [{ attempts: 0, waitMs: 10, coldMs: 0, endMs: 10 }] },
    throttled: { ...ended, calls: [{ attempts: 1, waitMs: 10, coldMs: 0, endMs: 10 }] },
    cold: { ...ended, calls: [{ attempts: 1, waitMs: 10, coldMs: 10, endMs: 10 }] },
  });
  await world.clock.runAll();
  expect(order(world.tries)).toEqual(['busy', 'throttled', 'cold']);
});

test('the answers of aborted tries and functions are dropped, and no rejection goes unhandled', async () => {
  const unhandled = await heard('unhandledRejection', async () => {
    const world = new World(({ input }) => ({
      afterMs: 20,
      ignoresAbort: true,
      ...(input === 'fails' ? { error: new Error('too late') } : { output: 'too late' }),
    }));
    const controller = new AbortController();
    const agent = graph('agent', any)
      .map('calls', { over: () => ['fails', 'answers', 'fails'], call: anyTool('a'), input: (item) => item })
      .compute(
        'function',
        [],
        () => new Promise((_, reject) => world.clock.setTimer(() => reject(new Error('late')), 20)),
      )
      .compute(
        'bounded',
        [],
        () => new Promise((_, reject) => world.clock.setTimer(() => reject(new Error('late')), 20)),
        {
          timeout: { nodeMs: 50 },
        },
      )
      .output(() => 0);
    world.clock.setTimer(() => controller.abort(), 10);
    const { record } = await world.run(agent, {}, { signal: controller.signal });
    const before = structuredClone(record);
    await world.clock.runAll();
    expect(record).toEqual(before);
    expect(world.tries.map(({ endMs }) => endMs)).toEqual([20, 20, 20]);
  });
  expect(unhandled).toEqual([]);
});

test('of a run that was cancelled before it began the input is not checked, and a check that fails later is dropped', async () => {
  const failing: Schema = {
    '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('no database')) },
  };
  const agent = graph('agent', { input: failing }).output(() => 0);
  const unhandled = await heard('unhandledRejection', async () => {
    const { error } = await new World().run(agent, {}, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ kind: 'cancelled' });
    const controller = new AbortController();
    const world = new World();
    const ended = world.start(agent, {}, { signal: controller.signal });
    controller.abort();
    expect((await ended).error).toMatchObject({ kind: 'cancelled' });
  });
  expect(unhandled).toEqual([]);
});

test('a node is not begun once whoever hears of it has cancelled the run', async () => {
  const controller = new AbortController();
  const begun = jest.fn();
  const agent = graph('agent', any)
    .compute('a', [], begun)
    .output(() => 0);
  const { error } = await new World().run(agent, {}, { signal: controller.signal, onEvent: () => controller.abort() });
  expect(error).toMatchObject({ kind: 'cancelled' });
  expect(begun).not.toHaveBeenCalled();
});

test('10,000 runs on one long-lived signal leave no listener behind', async () => {
  const { signal } = new AbortController();
  const world = new World();
  const agent = graph('agent', any)
    .compute('a', [], () => 0)
    .output(() => 0);
  // In turns: a signal looks through its listeners whenever one is added.
  for (let turn = 0; turn < 100; turn++) {
    await Promise.all(Array.from({ length: 100 }, () => world.engine.run(agent, {}, { signal })));
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a map of 1,000 items in flight at once, cancelled, draws no warning of a leak', async () => {
  const warnings = await heard('warning', async () => {
    const world = new World(() => ({ afterMs: Infinity }));
    const controller = new AbortController();
    const agent = graph('agent', { ...any, timeout: { firstChunkMs: 50, idleMs: 50 } })
      .map('many', {
        over: () => [...Array(1_000).keys()],
        call: anyTool('a'),
        input: (item) => item,
        retry: { attempts: 2 },
      })
      .map('queued', { over: () => [...Array(1_000).keys()], call: anyTool('b', 1), input: (item) => item })
      .output(() => 0);
    world.clock.setTimer(() => controller.abort(), 200);
    await world.run(agent, {}, { signal: controller.signal });
    await promisesToSettle();
    expect(world.inFlight).toEqual([]);
    expect(world.engineTimers).toBe(0);
  });
  expect(warnings).toEqual([]);
});
