import { getEventListeners } from 'node:events';
import { graph, type RetryPolicy } from 'cdk-compound-inference/graph';
import { CallError, type CallErrorKind } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { anyTool, World } from './support/world';

/** A graph of one call. */
const agentOf = (retry?: RetryPolicy, nodeMs?: number) =>
  graph('agent', { input: z.any() })
    .node('a', {
      call: anyTool('a'),
      input: () => 0,
      ...({ ...(retry && { retry }), ...(nodeMs && { timeout: { nodeMs } }) } as object),
    })
    .output(({ a }) => a as unknown);

const startsMs = (world: World) => world.tries.map(({ startMs }) => startMs);

/** Fails the first tries with these kinds of errors, then answers. */
const failing = (...kinds: CallErrorKind[]) =>
  new World(({ attempt }) => {
    const kind = kinds[attempt - 1];
    return kind ? { afterMs: 1, error: new CallError(kind, `${kind} ${attempt}`) } : { afterMs: 1, output: 'answer' };
  });

test.each(['retryable', 'throttled', 'timed-out'] as const)('a call that fails as %s is tried again', async (kind) => {
  const world = failing(kind, kind);
  expect(await world.run(agentOf())).toMatchObject({
    output: 'answer',
    record: { nodes: { a: { calls: [{ attempts: 3 }] } } },
  });
  expect(world.tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
});

test.each(['invalid', 'failed'] as const)('a call that fails as %s is not tried again', async (kind) => {
  const world = failing(kind);
  expect((await world.run(agentOf())).error).toMatchObject({ kind, at: 'a', message: `a: ${kind} 1` });
  expect(world.tries).toHaveLength(1);
});

test('an error that is no CallError is not tried again', async () => {
  const world = new World(() => ({ error: new Error('boom') }));
  expect((await world.run(agentOf())).error).toMatchObject({ kind: 'failed', at: 'a', message: 'a: boom' });
  expect(world.tries).toHaveLength(1);
});

test('the last failure is the error once the attempts are spent', async () => {
  const attempts = fc.integer({ min: 1, max: 6 });
  await fc.assert(
    fc.asyncProperty(attempts, async (most) => {
      const world = failing(...Array<'retryable'>(10).fill('retryable'));
      const { error, record } = await world.run(agentOf({ attempts: most }));
      expect(error).toMatchObject({ kind: 'retryable', message: `a: retryable ${most}` });
      expect(record.nodes.a!.calls).toMatchObject([{ attempts: most }]);
      expect(world.tries).toHaveLength(most);
    }),
    { numRuns: 20 },
  );
});

test('delays grow twofold up to the cap, and any part of them is drawn at random', async () => {
  const policy = fc.record({ baseMs: fc.integer({ min: 1, max: 1_000 }), capMs: fc.integer({ min: 1, max: 5_000 }) });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  await fc.assert(
    fc.asyncProperty(policy, random, async ({ baseMs, capMs }, draw) => {
      const world = new World(() => ({ error: new CallError('retryable', 'no') }), draw);
      await world.run(agentOf({ attempts: 5, baseMs, capMs }));
      const starts = startsMs(world);
      const fullDelaysMs = [baseMs, 2 * baseMs, 4 * baseMs, 8 * baseMs].map((ms) => Math.min(ms, capMs));
      for (const [i, fullMs] of fullDelaysMs.entries())
        expect(starts[i + 1]! - starts[i]!).toBeCloseTo(draw * fullMs, 6);
    }),
  );
});

test('without a policy there are three tries, up to 100 and 200 ms apart', async () => {
  const world = new World(() => ({ error: new CallError('retryable', 'no') }), 1 - Number.EPSILON);
  await world.run(agentOf());
  expect(startsMs(world).map(Math.round)).toEqual([0, 100, 300]);
});

test('tries leave no listeners behind on the signal of their call', async () => {
  const listeners: number[] = [];
  const world = new World(({ signal, attempt }) => {
    listeners.push(getEventListeners(signal, 'abort').length);
    const kind = attempt % 2 === 0 ? 'retryable' : 'not-ready';
    return attempt < 20 ? { afterMs: 1, error: new CallError(kind, 'no') } : {};
  });
  await world.run(agentOf({ attempts: 20 }));
  expect(listeners).toEqual(Array(20).fill(0));
});

test('the policy of a node overrides that of its graph, field by field', async () => {
  const world = new World(() => ({ error: new CallError('retryable', 'no') }));
  const agent = graph('agent', { input: z.any(), retry: { attempts: 2, baseMs: 10 } })
    .node('a', { call: anyTool('a'), input: () => 0, retry: { baseMs: 1_000 } })
    .node('b', { call: anyTool('b'), input: () => 0 })
    .output(() => 0);
  await world.run(agent);
  expect(world.triesOf('a')).toMatchObject([{ startMs: 0 }, { startMs: 500 }]);
  expect(world.triesOf('b')).toMatchObject([{ startMs: 0 }, { startMs: 5 }]);
});

test('a service that asks for more time gets it', async () => {
  const world = new World(({ attempt }) =>
    attempt === 1 ? { error: new CallError('throttled', 'slow down', { retryAfterMs: 2_000 }) } : {},
  );
  await world.run(agentOf());
  expect(startsMs(world)).toEqual([0, 2_000]);
});

test('a try that could only start after the deadline is not waited for', async () => {
  const world = new World(() => ({
    afterMs: 5,
    error: new CallError('throttled', 'slow down', { retryAfterMs: 100 }),
  }));
  const { error, record } = await world.run(agentOf({}, 100));
  expect(error).toMatchObject({ kind: 'throttled', message: 'a: slow down' });
  expect(record.wallMs).toBe(5);
});

describe('a component that is not ready', () => {
  const coldUntil = (readyMs: number) => {
    const world: World = new World(() =>
      world.clock.now() < readyMs ? { afterMs: 1, error: new CallError('not-ready', 'no copy') } : { afterMs: 7 },
    );
    return world;
  };

  test('is asked again until it is, and spends no attempts', async () => {
    const world = coldUntil(180_000);
    const { record } = await world.run(agentOf({ attempts: 1 }));
    expect(record).toMatchObject({ status: 'succeeded', nodes: { a: { calls: [{ attempts: world.tries.length }] } } });
    expect(world.tries.length).toBeGreaterThan(20);
  });

  test('is found at most a fifth of its cold start, or five seconds, after it became ready', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 600_000 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (readyMs, draw) => {
          const world: World = new World(
            () => (world.clock.now() < readyMs ? { error: new CallError('not-ready', 'no copy') } : {}),
            draw,
          );
          const { record } = await world.run(agentOf());
          expect(record.wallMs - readyMs).toBeLessThanOrEqual(Math.min(5_000, Math.max(100, readyMs / 5)));
          expect(record.nodes.a!.calls[0]!.coldMs).toBe(record.wallMs);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is never asked again in less than 50 ms', async () => {
    const world = new World(({ attempt }) => (attempt < 50 ? { error: new CallError('not-ready', 'no copy') } : {}), 0);
    await world.run(agentOf());
    const starts = startsMs(world);
    expect(Math.min(...starts.slice(1).map((ms, i) => ms - starts[i]!))).toBe(50);
  });

  test('is waited for up to the deadline, and then the error says that it was not ready', async () => {
    const deadlines = fc.integer({ min: 1, max: 100_000 });
    await fc.assert(
      fc.asyncProperty(deadlines, async (deadlineMs) => {
        const world = new World(() => ({ error: new CallError('not-ready', 'no copy') }));
        const { error, record } = await world.run(agentOf(), {}, { deadlineMs });
        expect(error).toMatchObject({
          kind: 'not-ready',
          at: 'a',
          message: 'a: component "a" did not become ready in time',
        });
        expect(record.wallMs).toBeLessThanOrEqual(deadlineMs);
        // Of which two refusals may take a part.
        expect(deadlineMs - record.wallMs).toBeLessThanOrEqual(51);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps the attempts of other failures apart', async () => {
    const world = failing('retryable', 'not-ready', 'not-ready', 'retryable', 'not-ready');
    expect(await world.run(agentOf({ attempts: 3 }))).toMatchObject({ output: 'answer' });
    expect(world.tries).toHaveLength(6);

    const unlucky = failing('retryable', 'not-ready', 'retryable', 'not-ready', 'retryable');
    expect((await unlucky.run(agentOf({ attempts: 3 }))).error).toMatchObject({ kind: 'retryable' });
  });

  test('is waited for as long as the service says, if it does', async () => {
    const world = new World(({ attempt }) =>
      attempt === 1 ? { error: new CallError('not-ready', 'no copy', { retryAfterMs: 30_000 }) } : {},
    );
    await world.run(agentOf());
    expect(startsMs(world)).toEqual([0, 30_000]);
  });
});
