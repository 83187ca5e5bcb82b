import { graph, tool } from 'cdk-compound-inference/graph';
import { type Call, CallError, type CallErrorKind } from 'cdk-compound-inference/run';
import { z } from 'zod';
import type { SpilloverBinding, SpilloverRules } from '../../../core/graph/binding';
import { callPolicies } from '../../../core/run/policies';
import { type Reply, World } from './support/world';

const writer = tool('writer', { input: z.any(), output: z.any() });
const agent = graph('agent', { input: z.any(), retry: { attempts: 2, baseMs: 10 } })
  .node('answer', { call: writer, input: ({ input }) => input })
  .output(({ answer }) => answer);

function worldOf(reply: (call: Call) => Reply, when?: SpilloverRules, others: Partial<SpilloverBinding> = {}): World {
  const spillover: SpilloverBinding = {
    type: 'spillover',
    alternatives: [
      { type: 'sagemaker', endpointName: 'fleet' },
      { type: 'bedrock', modelId: 'imported' },
    ],
    ...(when && { when }),
    ...others,
  };
  return new World(reply, 0.5, callPolicies({ spilloverOf: () => spillover }));
}

const backends = (world: World) => world.tries.map(({ alternative }) => alternative);
const firstFails = (kind: CallErrorKind) => (call: Call) =>
  call.alternative === 0 ? { afterMs: 5, error: new CallError(kind, kind) } : { afterMs: 20, output: 'second' };

test('the first backend that takes the call answers', async () => {
  const world = worldOf(({ alternative }) => ({ output: alternative }));
  const { output, record } = await world.run(agent);
  expect(output).toBe(0);
  expect(record.nodes.answer!.calls[0]).toMatchObject({ alternative: 0, attempts: 1 });
  expect(record.nodes.answer!.calls[0]).not.toHaveProperty('spills');
});

test.each(['not-ready', 'throttled'] as const)(
  'a call goes on at once from a backend that is %s, and the record says so',
  async (kind) => {
    const world = worldOf(firstFails(kind));
    const { output, record } = await world.run(agent);
    expect(output).toBe('second');
    expect(record.wallMs).toBe(25);
    expect(record.nodes.answer!.calls[0]).toMatchObject({
      alternative: 1,
      attempts: 2,
      coldMs: 0,
      spills: [{ alternative: 0, why: kind }],
    });
  },
);

test.each(['invalid', 'failed'] as const)('a call that is %s is so everywhere', async (kind) => {
  const world = worldOf(firstFails(kind));
  expect((await world.run(agent)).error?.kind).toBe(kind);
  expect(backends(world)).toEqual([0]);
});

test('other faults are tried again where they arose', async () => {
  const world = worldOf(firstFails('retryable'));
  expect((await world.run(agent)).error?.kind).toBe('retryable');
  expect(backends(world)).toEqual([0, 0]);
});

test('what the rules leave out does not send a call on', async () => {
  const world = worldOf(firstFails('throttled'), { throttled: false });
  expect((await world.run(agent)).error?.kind).toBe('throttled');
  expect(backends(world)).toEqual([0, 0]);
});

test('as long as no backend is ready the call waits, and takes the first that becomes so', async () => {
  const readyAtMs = [1_000, 300];
  const world: World = worldOf(({ alternative }) =>
    world.clock.now() < readyAtMs[alternative!]!
      ? { error: new CallError('not-ready', 'no copy') }
      : { output: alternative },
  );
  const { output, record } = await world.run(agent, {}, { deadlineMs: 5_000 });
  expect(output).toBe(1);
  expect(record.nodes.answer!.calls[0]!.coldMs).toBeGreaterThan(200);
});

test('a call waits for a copy even if the other backend asks for fewer calls', async () => {
  const world = worldOf(({ alternative }) => ({
    error: alternative === 0 ? new CallError('throttled', 'slow down') : new CallError('not-ready', 'no copy'),
  }));
  expect((await world.run(agent, {}, { deadlineMs: 5_000 })).error?.kind).toBe('not-ready');
});

test('a backend with so many calls under way is passed over, but the last takes all', async () => {
  const world = worldOf(({ alternative }) => ({ afterMs: 10, output: alternative }), { maxInFlight: 2 });
  const outcomes = await world.clock.until(Promise.all([1, 2, 3, 4, 5].map(() => world.start(agent))));
  expect(outcomes.map(({ output }) => output)).toEqual([0, 0, 1, 1, 1]);
  expect(outcomes[2]!.record.nodes.answer!.calls[0]!.spills).toEqual([{ alternative: 0, why: 'busy' }]);
});

test('what waits for a place at a busy backend keeps no call from the next, which has places of its own', async () => {
  const limited = tool('writer', { input: z.any(), output: z.any(), concurrency: 2 });
  const all = graph('agent', { input: z.any() })
    .map('all', { over: () => [0, 1, 2, 3, 4, 5], call: limited, input: (i) => i })
    .output(({ all }) => all);
  const world = worldOf(({ alternative }) => ({ afterMs: 100, output: alternative }), { maxInFlight: 2 });
  const { output } = await world.run(all);
  expect(output).toEqual([0, 0, 1, 1, 1, 1]);
  expect(world.tries.map(({ startMs }) => startMs)).toEqual([0, 0, 0, 0, 100, 100]);
});

test('a backend without a free place gets no hedge, whatever room another has', async () => {
  const hedged = tool('writer', { input: z.any(), output: z.any(), concurrency: 1, hedge: { afterMs: 10, budget: 1 } });
  const both = graph('agent', { input: z.any(), retry: { attempts: 1 } })
    .map('both', { over: () => [0, 1], call: hedged, input: (i) => i })
    .output(({ both }) => both);
  const world = worldOf(({ alternative }) => ({ afterMs: alternative === 0 ? 5 : 50, output: alternative }), {
    maxInFlight: 1,
  });
  for (let i = 0; i < 2; i++) {
    const { output, record } = await world.run(both);
    expect(output).toEqual([0, 1]);
    expect(record.nodes.both!.calls[1]).not.toHaveProperty('hedges');
  }
});

test('a busy backend is better than one that cannot answer', async () => {
  const world = worldOf(
    ({ alternative }) =>
      alternative === 0 ? { afterMs: 10, output: 0 } : { error: new CallError('not-ready', 'no copy') },
    { maxInFlight: 1 },
  );
  const outcomes = await world.clock.until(Promise.all([1, 2].map(() => world.start(agent))));
  expect(outcomes.map(({ output }) => output)).toEqual([0, 0]);
});

test('a backend that its breaker leaves alone is passed over, until a probe brings it back', async () => {
  let isBroken = true;
  const world = worldOf(
    ({ alternative }) =>
      alternative === 0 && isBroken ? { error: new CallError('retryable', 'broken') } : { output: alternative },
    {},
    { breaker: { minCalls: 2, probes: 1, openMs: 1_000 } },
  );
  expect((await world.run(agent)).error?.kind).toBe('retryable');
  const { output, record } = await world.run(agent);
  expect(output).toBe(1);
  expect(record.nodes.answer!.calls[0]!.spills).toEqual([{ alternative: 0, why: 'breaker-open' }]);
  isBroken = false;
  await world.clock.advance(1_000);
  expect((await world.run(agent)).output).toBe(0);
});

test('a cancelled run is not sent on', async () => {
  const world = worldOf(() => ({ afterMs: Infinity }));
  await world.run(agent, {}, { deadlineMs: 10 });
  expect(backends(world)).toEqual([0]);
  expect(world.inFlight).toEqual([]);
});
