import { graph } from 'cdk-compound-inference/graph';
import { CallError, sumCalls } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { chaos, suffer } from './support/chaos';
import { idOf, needsOf } from './support/shapes';
import { anyTool, World } from './support/world';

const any = { input: z.any() };

test('the record tells of every node when it ran, and what its calls did, as their backends saw it', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { world, outcome } = await suffer(bounds);
      const { nodes, wallMs } = outcome.record;
      expect(Object.keys(nodes)).toEqual(bounds.shape.nodes.map((_, i) => idOf(i)));
      for (const [i, node] of Object.values(nodes).entries()) {
        expect(0 <= node.startMs && node.startMs <= node.endMs && node.endMs <= wallMs).toBe(true);
        for (const call of node.calls) {
          expect(node.startMs <= call.startMs && call.startMs <= call.endMs && call.endMs <= node.endMs).toBe(true);
          expect(call.coldMs).toBeGreaterThanOrEqual(0);
          expect(call.coldMs).toBeLessThanOrEqual(call.waitMs + 1e-9);
          expect(call.waitMs).toBeLessThanOrEqual(call.endMs - call.startMs + 1e-9);
        }
        const made = world.tries.filter(({ input }) => input.position === i);
        expect(sumCalls(node.calls).attempts).toBe(made.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('the critical path is a chain of needs that fills the run from its start to its end', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { record } = (await suffer(bounds)).outcome;
      const path = record.criticalPath.map((id) => ({ id, ...record.nodes[id]! }));
      for (const [i, { startMs, id }] of path.entries()) {
        const before = path[i - 1];
        expect(startMs).toBe(before?.endMs ?? 0);
        const needs = needsOf(bounds.shape, Number(id.slice(1))).map(idOf);
        if (before) expect(needs).toContain(before.id);
        else expect(needs).toEqual([]);
      }
      expect(record.criticalPathMs).toBeCloseTo(
        path.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
        6,
      );
      expect(record.overheadMs).toBe(record.wallMs - record.criticalPathMs);
      expect(record.overheadMs).toBeCloseTo(0, 6);
    }),
    { numRuns: 300 },
  );
});

test('the run fares as its nodes do', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { record, error } = (await suffer(bounds)).outcome;
      const statuses = Object.values(record.nodes).map(({ status }) => status);
      const wasCut = record.status === 'cancelled' || record.status === 'timed-out';
      if (statuses.includes('cancelled')) expect(wasCut).toBe(true);
      if (wasCut) expect(statuses.some((status) => status === 'cancelled' || status === 'failed')).toBe(true);
      expect(error === undefined).toBe(record.status === 'succeeded');
      if (record.status === 'cancelled') expect(record.wallMs).toBe(bounds.cancelMs);
      if (bounds.deadlineMs !== undefined) expect(record.wallMs).toBeLessThanOrEqual(bounds.deadlineMs);
    }),
    { numRuns: 300 },
  );
});

test('what calls cost and used adds up, also of answers that were of no use', async () => {
  const usage = { inputTokens: 100, outputTokens: 10 };
  const world = new World(({ attempt, component: { name } }) => {
    const spent = { usage, costUsd: 0.25, afterMs: 10 };
    if (name === 'picky') return { ...spent, output: attempt === 1 ? 'no number' : 1 };
    return attempt === 1 ? { error: new CallError('retryable', 'no') } : spent;
  });
  const picky = { ...anyTool('picky'), kind: 'model' as const, output: z.number() };
  const agent = graph('agent', { ...any, retry: { baseMs: 2 } })
    .node('a', { call: anyTool('flaky'), input: () => 0 })
    .map('b', { over: () => [1, 2], call: picky, input: () => 0 })
    .output(() => 0);
  const { record } = await world.run(agent);

  expect(record.nodes.a!.calls).toEqual([
    { startMs: 0, endMs: 11, attempts: 2, waitMs: 1, coldMs: 0, costUsd: 0.25, usage },
  ]);
  const twice = { inputTokens: 200, outputTokens: 20 };
  const item = { startMs: 0, endMs: 21, attempts: 2, waitMs: 1, coldMs: 0, costUsd: 0.5, usage: twice };
  expect(record.nodes.b!.calls).toEqual([item, item]);
  expect(record).toMatchObject({ costUsd: 1.25, usage: { inputTokens: 500, outputTokens: 50 } });
  expect(sumCalls(record.nodes.b!.calls)).toEqual({
    attempts: 4,
    waitMs: 2,
    coldMs: 0,
    costUsd: 1,
    copySeconds: 0,
    usage: { inputTokens: 400, outputTokens: 40 },
  });
});

test('the wait for a copy counts from the first try that met none to the first that met one', async () => {
  const kinds = ['retryable', 'not-ready', 'not-ready', 'throttled'] as const;
  const world = new World(({ attempt }) => {
    const kind = kinds[attempt - 1];
    return { afterMs: 4, ...(kind && { error: new CallError(kind, kind) }) };
  });
  const agent = graph('agent', { ...any, retry: { baseMs: 20 } })
    .node('a', { call: anyTool('a'), input: () => 0 })
    .output(() => 0);
  const { record } = await world.run(agent);

  // Tries of 4 ms at 0; after 10 ms; twice after 75 ms, half of the 100 ms at random; after 20 ms.
  expect(world.tries.map(({ startMs }) => startMs)).toEqual([0, 14, 93, 172, 196]);
  expect(record.nodes.a!.calls).toEqual([
    { startMs: 0, endMs: 200, attempts: 5, waitMs: 10 + 158 + 20, coldMs: 158, costUsd: 0 },
  ]);
});

test('an error on record says where it arose, of what kind it is, and what the service said', async () => {
  const cause = { code: 'ModelNotReadyException', message: 'Model is not ready', requestId: 'r-1', httpStatus: 429 };
  const world = new World(({ input }) =>
    input === 1 ? { afterMs: 3, error: new CallError('failed', 'no', { cause }) } : { afterMs: 9 },
  );
  const agent = graph('agent', any)
    .map('facts', { over: () => [0, 1, 2], call: anyTool('a'), input: (item) => item })
    .compute('after', ['facts'], () => 0)
    .output(() => 0);
  const { error, record } = await world.run(agent);

  const at = { at: 'facts[1]', kind: 'failed', message: 'no', service: cause };
  expect(record).toMatchObject({ status: 'failed', wallMs: 3, criticalPath: ['facts'] });
  expect(record.nodes.facts).toMatchObject({ status: 'failed', error: at });
  expect(record.nodes.facts!.calls[1]).toMatchObject({ endMs: 3, error: at });
  expect(record.nodes.after).toEqual({ status: 'stopped', startMs: 3, endMs: 3, calls: [], error: at });
  expect(error).toMatchObject({ kind: 'failed', at: 'facts[1]', message: 'facts[1]: no', cause: { cause } });
});

test('a record is plain JSON', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { record } = (await suffer(bounds)).outcome;
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    }),
  );
});

test('the wall time of a run includes the check of its output', async () => {
  const world = new World();
  const output = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) =>
        new Promise<{ value: unknown }>((resolve) => void world.clock.setTimer(() => resolve({ value }), 40)),
    },
  };
  const agent = graph('agent', { input: z.any(), output })
    .compute('a', [], () => 1)
    .output(['a'], ({ a }) => a);
  expect((await world.run(agent)).record.wallMs).toBe(40);
});
