import { graph } from 'cdk-compound-inference/graph';
import { CallError, type CallRecord } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { chaos, suffer } from './support/chaos';
import { graphOf, replyOf, smoothGraphShape } from './support/shapes';
import { anyTool, order, World } from './support/world';

const any = { input: z.any() };

test('no component ever has more tries in flight than its limit, also while a backend ignores aborts', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { world } = await suffer(bounds);
      const limitOf = (component: string) => bounds.limits[Number(component.slice(1))]!;
      expect(world.tries.filter(({ component, inFlight }) => inFlight > limitOf(component))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('no map ever has more items in flight than its concurrency', async () => {
  const inFlightAt = (calls: readonly CallRecord[], atMs: number) =>
    calls.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs).length;
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { outcome } = await suffer(bounds);
      for (const [i, { kind, concurrency = Infinity }] of bounds.shape.nodes.entries()) {
        const { calls } = outcome.record.nodes[`n${i}`]!;
        const most = Math.max(0, ...calls.map(({ startMs }) => inFlightAt(calls, startMs)));
        if (kind === 'map') expect(most).toBeLessThanOrEqual(concurrency);
      }
    }),
    { numRuns: 200 },
  );
});

test('no call waits while its component has a place free', async () => {
  await fc.assert(
    fc.asyncProperty(smoothGraphShape, fc.integer({ min: 1, max: 3 }), async (shape, limit) => {
      const world = new World(replyOf(shape));
      const { record } = await world.run(graphOf(shape, world.clock, [limit, limit, limit]));
      const calls = Object.values(record.nodes).flatMap((node, i) =>
        node.calls.map((call) => ({ ...call, component: `c${shape.nodes[i]!.component}` })),
      );
      for (const { component, startMs, waitMs } of calls.filter((call) => call.waitMs > 0)) {
        const tries = world.triesOf(component);
        const moments = [startMs, ...tries.map((made) => made.endMs!)];
        for (const atMs of moments.filter((ms) => startMs <= ms && ms < startMs + waitMs)) {
          const busy = tries.filter((made) => made.startMs <= atMs && atMs < made.endMs!);
          expect(busy).toHaveLength(limit);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('of the calls that wait for a place, the one with the longest remaining path goes first', async () => {
  const tailsMs = { a: 100, b: 900, c: 500, d: 700 };
  const world = new World(({ component, input }) => ({ afterMs: component.name === 'head' ? 10 : (input as number) }));
  const head = anyTool('head', 1);
  let builder = graph('agent', any) as any;
  for (const [name, ms] of Object.entries(tailsMs)) {
    builder = builder
      .node(`head-${name}`, { call: head, input: () => name })
      .node(`tail-${name}`, [`head-${name}`], { call: anyTool(`tail-${name}`), input: () => ms });
  }
  const agent = builder.output(() => 0);
  const heads = () => world.triesOf('head').map(({ input }) => input as string);

  await world.run(agent);
  expect(heads()).toEqual(['a', 'b', 'c', 'd']);
  world.tries.length = 0;
  await world.run(agent);
  expect(heads()).toEqual(['b', 'd', 'c', 'a']);
});

test('the items of a map start in order, and their values keep it whichever ends first', async () => {
  const world = new World(({ input }) => ({ afterMs: input as number, output: `${input as number} ms` }));
  const agent = graph('agent', any)
    .map('all', { over: () => [30, 10, 20, 5], call: anyTool('a'), input: (ms) => ms, concurrency: 2 })
    .output(({ all }) => all);
  const { output, record } = await world.run(agent);
  expect(output).toEqual(['30 ms', '10 ms', '20 ms', '5 ms']);
  expect(record.nodes.all!.calls.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 30],
    [0, 10],
    [10, 30],
    [30, 35],
  ]);
});

test('each item of a map has a signal of its own: thousands on one would slow each other down', async () => {
  const world = new World(() => ({ afterMs: 10 }));
  const agent = graph('agent', any)
    .map('all', { over: () => [...Array(100).keys()], call: anyTool('a'), input: (item) => item })
    .output(() => 0);
  await world.run(agent);
  expect(new Set(world.tries.map(({ signal }) => signal)).size).toBe(100);
});

test('a map over an empty list has an empty list as value', async () => {
  const agent = graph('agent', any)
    .map('none', { over: () => [], call: anyTool('a'), input: () => 0, concurrency: 2 })
    .output(({ none }) => none);
  expect(await new World().run(agent)).toMatchObject({ output: [], record: { nodes: { none: { calls: [] } } } });
});

test('runs of one engine share the limits of components, also those of different graphs', async () => {
  const world = new World(() => ({ afterMs: 10 }));
  const agentOf = (name: string) =>
    graph(name, any)
      .node('a', { call: anyTool('shared', 2), input: () => name })
      .output(() => 0);
  const [one, other] = [agentOf('one'), agentOf('other')];
  const runs = [one, other, one, other, one].map((agent) => world.start(agent));
  await world.clock.until(Promise.all(runs));
  expect(world.tries.map(({ startMs }) => startMs)).toEqual([0, 0, 10, 10, 20]);
});

test('a try that ignores its abort keeps its place until it ends', async () => {
  const world = new World(({ attempt }) => ({ afterMs: attempt === 1 ? 100 : 1, ignoresAbort: true }));
  const agent = graph('agent', { ...any, timeout: { firstChunkMs: 20 }, retry: { attempts: 2, baseMs: 1 } })
    .node('a', { call: anyTool('a', 1), input: () => 0 })
    .output(() => 0);
  const { record } = await world.run(agent);
  expect(world.tries).toMatchObject([
    { startMs: 0, abortMs: 20, endMs: 100 },
    { startMs: 100, endMs: 101 },
  ]);
  expect(record.nodes.a!.calls).toMatchObject([{ attempts: 2, waitMs: 80, endMs: 101 }]);
});

test('a try that heeds its abort gives its place back at once', async () => {
  const world = new World(({ attempt }) => ({ afterMs: attempt === 1 ? 100 : 1 }));
  const agent = graph('agent', { ...any, timeout: { firstChunkMs: 20 }, retry: { attempts: 2, baseMs: 2 } })
    .node('a', { call: anyTool('a', 1), input: () => 0 })
    .output(() => 0);
  await world.run(agent);
  expect(world.tries).toMatchObject([
    { startMs: 0, abortMs: 20, endMs: 20 },
    { startMs: 21, endMs: 22 },
  ]);
});

test('a call holds no place while it waits for its next try', async () => {
  const world = new World(({ input, attempt }) =>
    input === 'flaky' && attempt === 1 ? { error: new CallError('retryable', 'again') } : { afterMs: 10 },
  );
  const shared = anyTool('shared', 1);
  const agent = graph('agent', { ...any, retry: { baseMs: 200 } })
    .node('a', { call: shared, input: () => 'flaky' })
    .node('b', { call: shared, input: () => 'steady' })
    .output(() => 0);
  await world.run(agent);
  expect(world.tries).toMatchObject([
    { input: 'flaky' },
    { input: 'steady', startMs: 0 },
    { input: 'flaky', startMs: 100 },
  ]);
});

test('a cancelled run leaves its places to those that wait in others', async () => {
  const world = new World(() => ({ afterMs: 1_000 }));
  const agent = graph('agent', any)
    .map('a', { over: () => [1, 2], call: anyTool('a', 1), input: (item) => item })
    .output(() => 0);
  const controller = new AbortController();
  world.clock.setTimer(() => controller.abort(), 10);
  const cancelled = world.start(agent, {}, { signal: controller.signal });
  const patient = world.start(agent, {}, { signal: new AbortController().signal });
  expect((await world.clock.until(cancelled)).error).toMatchObject({ kind: 'cancelled' });
  expect((await world.clock.until(patient)).record).toMatchObject({ status: 'succeeded', wallMs: 2_010 });
  expect(order(world.tries)).toHaveLength(3);
});
