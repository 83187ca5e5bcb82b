import { graph, type NodeTimeout } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import { anyTool, type Reply, World } from './support/world';

/** A graph of one call with at most two tries, the second 1 ms after the first. */
const agentOf = (timeout: NodeTimeout) =>
  graph('agent', { input: z.any(), timeout, retry: { attempts: 2, baseMs: 2 } })
    .node('a', { call: anyTool('a'), input: () => 0 })
    .output(({ a }) => a as unknown);

/** The first try goes as told, the second answers at once. */
const worldOf = (first: Reply) => new World(({ attempt }) => (attempt === 1 ? first : { output: 'second' }));

test('a try that does not begin to answer in time is aborted and repeated', async () => {
  const world = worldOf({ afterMs: Infinity });
  expect(await world.run(agentOf({ firstChunkMs: 50 }))).toMatchObject({ output: 'second' });
  expect(world.tries).toMatchObject([{ abortMs: 50 }, { startMs: 51 }]);
  expect(world.tries[0]!.signal.reason).toMatchObject({
    kind: 'timed-out',
    message: 'component "a" did not begin to answer for 50 ms',
  });
});

test('a try that stops in its answer is aborted and repeated', async () => {
  const world = worldOf({ chunksMs: [10, 25, 40], afterMs: Infinity });
  expect(await world.run(agentOf({ idleMs: 20 }))).toMatchObject({ output: 'second' });
  expect(world.tries).toMatchObject([{ abortMs: 60 }, { startMs: 61 }]);
  expect(world.tries[0]!.signal.reason).toMatchObject({ message: 'component "a" stopped in its answer for 20 ms' });
});

test('a try is aborted exactly when a gap before or between its chunks is longer than allowed', async () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  const limit = fc.integer({ min: 1, max: 40 }).map((ms) => ms + 0.5);
  await fc.assert(
    fc.asyncProperty(gaps, limit, limit, async (gapsMs, firstChunkMs, idleMs) => {
      const atMs = gapsMs.map((_, i) => gapsMs.slice(0, i + 1).reduce((sum, ms) => sum + ms, 0));
      const world = worldOf({ chunksMs: atMs.slice(0, -1), afterMs: atMs.at(-1)!, output: 'first' });
      const limitsMs = gapsMs.map((_, i) => (i === 0 ? firstChunkMs : idleMs));
      const tooLong = gapsMs.findIndex((ms, i) => ms > limitsMs[i]!);
      const abortMs = tooLong < 0 ? undefined : (atMs[tooLong - 1] ?? 0) + limitsMs[tooLong]!;

      const { output } = await world.run(agentOf({ firstChunkMs, idleMs }));
      expect(world.tries[0]!.abortMs).toEqual(abortMs);
      expect(output).toBe(tooLong < 0 ? 'first' : 'second');
      expect(world.engineTimers).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('the first chunk ends the wait for it, however long the answer then takes', async () => {
  const world = worldOf({ chunksMs: [40], afterMs: 10_000, output: 'first' });
  expect(await world.run(agentOf({ firstChunkMs: 50 }))).toMatchObject({ output: 'first' });
});

test('without an idle timeout before the first chunk there is no limit', async () => {
  const world = worldOf({ chunksMs: [10_000], afterMs: 10_010, output: 'first' });
  expect(await world.run(agentOf({ idleMs: 20 }))).toMatchObject({ output: 'first' });
});

test('the error says so once the attempts are spent', async () => {
  const world = new World(() => ({ afterMs: Infinity }));
  const { error, record } = await world.run(agentOf({ firstChunkMs: 50 }));
  expect(error).toMatchObject({
    kind: 'timed-out',
    at: 'a',
    message: 'a: component "a" did not begin to answer for 50 ms',
  });
  expect(record.nodes.a!.calls).toMatchObject([{ attempts: 2, endMs: 101, waitMs: 1 }]);
});

test('the late answer, chunks and failure of an aborted try are dropped, and the answer is paid for', async () => {
  const world = new World(({ attempt }) =>
    attempt === 1
      ? { afterMs: 60, chunksMs: [55], output: 'late', ignoresAbort: true, costUsd: 1 }
      : { afterMs: 100, chunksMs: [30], output: 'second', costUsd: 2 },
  );
  const { output, record } = await world.run(agentOf({ firstChunkMs: 50, idleMs: 90 }));
  expect({ output, costUsd: record.costUsd, wallMs: record.wallMs }).toEqual({
    output: 'second',
    costUsd: 3,
    wallMs: 151,
  });
  expect(world.tries).toMatchObject([{ abortMs: 50, endMs: 60 }, { startMs: 51 }]);
  expect(world.tries[1]!.signal.aborted).toBe(false);
});

test('the limits of a node override those of its graph, one by one', async () => {
  const world = new World(() => ({ chunksMs: [10], afterMs: Infinity }));
  const agent = graph('agent', { input: z.any(), timeout: { firstChunkMs: 5, idleMs: 30 }, retry: { attempts: 1 } })
    .node('a', { call: anyTool('a'), input: () => 0, timeout: { firstChunkMs: 20 } })
    .output(() => 0);
  await world.run(agent);
  expect(world.tries).toMatchObject([{ abortMs: 40 }]);
});
