import { graph, tool } from 'cdk-compound-inference/graph';
import { type Call, CallError, type CallErrorKind } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { callPolicies } from '../../../core/run/policies';
import { warmWorld } from './support/warm-world';
import { type Reply, World } from './support/world';

const hedge = { afterMs: 10, budget: 1 };

function agentOf(options: object) {
  const writer = tool('writer', { input: z.any(), output: z.any(), hedge, ...options });
  return graph('agent', { input: z.any(), retry: { attempts: 1 } })
    .node('answer', { call: writer, input: ({ input }) => input })
    .output(({ answer }) => answer);
}
const agent = agentOf({});

const coldWorld = (reply: (call: Call) => Reply) => new World(reply, 0.5, callPolicies());

const bySpeed = (firstMs: number, secondMs: number) => {
  let tries = 0;
  return () => (tries++ === 0 ? { afterMs: firstMs, output: 'first' } : { afterMs: secondMs, output: 'second' });
};

test('the answer is that of the try that ends first, and the other is taken back', async () => {
  const world = await warmWorld(agent, bySpeed(100, 5));
  const { output, record } = await world.run(agent);
  expect(output).toBe('second');
  expect(record.wallMs).toBe(15);
  expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([15, undefined]);
  expect(record.nodes.answer!.calls[0]).toMatchObject({ attempts: 2, hedges: 1, waitMs: 0 });
});

test('a second try that is no faster is taken back as well', async () => {
  const world = await warmWorld(agent, bySpeed(20, 50));
  expect((await world.run(agent)).output).toBe('first');
  expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([undefined, 20]);
});

test('a call that ends in time is tried once', async () => {
  const world = await warmWorld(agent, bySpeed(9, 9));
  expect((await world.run(agent)).record.nodes.answer!.calls[0]).not.toHaveProperty('hedges');
  expect(world.tries).toHaveLength(1);
});

test('there is no second try at a backend that has not answered yet', async () => {
  const world = coldWorld(bySpeed(12, 1));
  expect((await world.run(agent)).output).toBe('first');
  expect(world.tries).toHaveLength(1);
});

test('there is no second try when there is less time left than the first has taken', async () => {
  const world = await warmWorld(agent, bySpeed(12, 1));
  expect((await world.run(agent, {}, { deadlineMs: 15 })).output).toBe('first');
  expect(world.tries).toHaveLength(1);
});

test('there is no second try at a backend that has lost its copies since it answered', async () => {
  let tries = 0;
  const world = await warmWorld(agent, () =>
    tries++ === 0 ? { error: new CallError('not-ready', 'no copy') } : { afterMs: 20, output: 'first' },
  );
  expect((await world.run(agent, {}, { deadlineMs: 1_000 })).output).toBe('first');
  expect(world.tries).toHaveLength(2);
});

test('a backend is warm for a minute after its last answer', async () => {
  let slow = true;
  const world = coldWorld(() => ({ afterMs: slow ? 20 : 1, output: 0 }));
  await world.run(agent);
  expect(world.tries).toHaveLength(1);
  await world.run(agent);
  expect(world.tries).toHaveLength(3);
  slow = false;
  await world.clock.advance(60_001);
  slow = true;
  await world.run(agent);
  expect(world.tries).toHaveLength(4);
});

test('without a place in the limit of the component there is no second try', async () => {
  const limited = agentOf({ concurrency: 1 });
  const world = await warmWorld(limited, bySpeed(20, 1));
  expect((await world.run(limited)).output).toBe('first');
  expect(world.tries).toHaveLength(1);
});

test('while the second try goes on, a fault of the first that may pass is no answer yet', async () => {
  let tries = 0;
  const world = await warmWorld(agent, () =>
    tries++ === 0 ? { afterMs: 15, error: new CallError('retryable', 'broken') } : { afterMs: 20, output: 'second' },
  );
  expect((await world.run(agent)).output).toBe('second');
});

test.each<[CallErrorKind | 'unusable']>([['failed'], ['timed-out'], ['not-ready'], ['over-budget'], ['unusable']])(
  'a second try that ends as %s leaves the first to answer',
  async (kind) => {
    const strict = agentOf({ output: z.string(), kind: 'model' });
    let tries = 0;
    const world = await warmWorld(strict, () => {
      if (tries++ === 0) return { afterMs: 30, output: 'first' };
      return kind === 'unusable' ? { afterMs: 5, output: 0 } : { afterMs: 5, error: new CallError(kind, kind) };
    });
    expect((await world.run(strict)).output).toBe('first');
    expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([undefined, undefined]);
  },
);

test('of two tries that fail, the error is that of the first to fail', async () => {
  let tries = 0;
  const world = await warmWorld(agent, () => ({
    afterMs: tries++ === 0 ? 30 : 5,
    error: new CallError('failed', `try ${tries}`),
  }));
  const { error, record } = await world.run(agent);
  expect(error?.message).toBe('answer: try 2');
  expect(record.wallMs).toBe(30);
});

test('a request that is refused as wrong is not waited for a second time', async () => {
  let tries = 0;
  const world = await warmWorld(agent, () =>
    tries++ === 0 ? { afterMs: 15, error: new CallError('invalid', 'wrong') } : { afterMs: 20, output: 'second' },
  );
  expect((await world.run(agent)).error?.kind).toBe('invalid');
  expect(world.tries[1]!.abortMs).toBe(15);
});

test('an answer that does not match its schema does not win', async () => {
  let tries = 0;
  const strict = agentOf({ output: z.string(), kind: 'model' });
  const world = await warmWorld(strict, () =>
    tries++ === 0 ? { afterMs: 12, output: 0 } : { afterMs: 5, output: 'good' },
  );
  expect((await world.run(strict)).output).toBe('good');
});

test('a cancelled run takes back both tries', async () => {
  const controller = new AbortController();
  const world = await warmWorld(agent, () => ({ afterMs: Infinity }));
  world.clock.setTimer(() => controller.abort(), 30);
  await world.run(agent, {}, { signal: controller.signal });
  expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([30, 30]);
  expect(world.engineTimers).toBe(0);
});

test('without a time given it is the P95 of the calls of the node, once twenty of them are known', async () => {
  const learning = agentOf({ hedge: { budget: 1 } });
  let call = 0;
  const world = coldWorld(() => ({ afterMs: call++ < 20 ? call : 100, output: 0 }));
  for (let i = 0; i < 20; i++) await world.run(learning);
  expect(world.tries).toHaveLength(20);
  const { record } = await world.run(learning);
  expect(record.nodes.answer!.calls[0]!.hedges).toBe(1);
  expect(world.tries[21]!.startMs - world.tries[20]!.startMs).toBe(20);
});

test('second tries never exceed their share of the calls, however slow the backend is', async () => {
  const speeds = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(speeds, fc.constantFrom(0.05, 0.1, 0.5), async (ms, budget) => {
      const frugal = agentOf({ hedge: { afterMs: 10, budget } });
      let tries = 0;
      const world = coldWorld(() => ({ afterMs: ms[tries++ % ms.length]!, output: 0 }));
      let hedges = 0;
      for (const [i] of ms.entries()) {
        const { record } = await world.run(frugal);
        hedges += record.nodes.answer!.calls[0]!.hedges ?? 0;
        expect(hedges).toBeLessThanOrEqual((i + 1) * budget + 1e-9);
      }
      expect(world.tries).toHaveLength(ms.length + hedges);
      expect(world.inFlight).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
