import { graph, model, tool } from 'cdk-compound-inference/graph';
import { type Call, CallError, type RunRecord } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { callPolicies } from '../../../core/run/policies';
import { warmWorld } from './support/warm-world';
import { anyTool, type Reply, World } from './support/world';

/** A copy for 36 dollars an hour: a cent a second. */
const copy = { perCopyHourUsd: 36 };
const any = { input: z.any() };
const writer = anyTool('writer');
const agent = graph('agent', { ...any, retry: { attempts: 3, baseMs: 100, capMs: 100 } })
  .node('answer', { call: writer, input: ({ input }) => input })
  .output(({ answer }) => answer);
const chain = graph('chain', { ...any, budgetUsd: 0.02 })
  .node('a', { call: writer, input: () => 0 })
  .node('b', ['a'], { call: writer, input: () => 0 })
  .node('c', ['b'], { call: writer, input: () => 0 })
  .output(['c'], () => 'done');

const callOf = ({ nodes }: RunRecord) => nodes.answer!.calls[0]!;

/** Answers each try in turn; the last reply again and again. */
function inTurn(...replies: readonly Reply[]): (call: Call) => Reply {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)]!;
}

test('a call takes the time for which a copy works on it, and pays for it beside its other prices', async () => {
  const { record } = await new World(() => ({ afterMs: 500, output: 0, costUsd: 1, copy })).run(agent);
  expect(callOf(record)).toMatchObject({ copySeconds: 0.5, costUsd: 1.005 });
  expect(record).toMatchObject({ copySeconds: 0.5, costUsd: 1.005 });
});

test('calls that share a copy take their parts of it', async () => {
  const { record } = await new World(() => ({ afterMs: 500, copy: { ...copy, concurrencyPerCopy: 5 } })).run(agent);
  expect(record).toMatchObject({ copySeconds: 0.1, costUsd: 0.001 });
});

test('of a run without copies nothing is said', async () => {
  const { record } = await new World(() => ({ afterMs: 500, output: 0 })).run(agent);
  expect(record).not.toHaveProperty('copySeconds');
  expect(callOf(record)).not.toHaveProperty('copySeconds');
});

test('tries that failed at a copy count, the pauses between them do not', async () => {
  const broken = { afterMs: 200, error: new CallError('retryable', 'broken'), copy };
  const { record } = await new World(inTurn(broken, broken, { afterMs: 600, copy })).run(agent);
  expect(callOf(record).copySeconds).toBeCloseTo(1);
  expect(record.costUsd).toBeCloseTo(0.01);
  expect(record.wallMs).toBeGreaterThan(1_000);
});

test.each(['not-ready', 'throttled'] as const)('a try that no copy took, because it was %s, is free', async (kind) => {
  const refused = { afterMs: 200, error: new CallError(kind, 'no copy'), copy };
  const { record } = await new World(inTurn(refused, { afterMs: 600, copy })).run(agent);
  expect(callOf(record)).toMatchObject({ attempts: 2, copySeconds: 0.6 });
});

const KINDS = ['not-ready', 'throttled', 'invalid', 'retryable'] as const;

test.each(KINDS)('a try that breaks off as %s while its text is told is paid for', async (kind) => {
  const streaming = graph('agent', { ...any, retry: { attempts: 1 } })
    .node('answer', { call: model('writer'), input: () => 'Hi', stream: true })
    .output(({ answer }) => answer.text);
  const broken = { afterMs: 200, error: new CallError(kind, 'broken'), copy, perCallUsd: 0.1 };
  const world = new World(() => ({ ...broken, parts: [{ afterMs: 100, text: 'Hel' }] }));
  const { error, record } = await world.clock.until(world.start(streaming, {}, { onEvent: () => {} }));
  expect(error).toBeDefined();
  expect(record.costUsd).toBeCloseTo(0.102);
  expect(record.copySeconds).toBeCloseTo(0.2);
});

test.each(KINDS)('a try that breaks off as %s in an answer that nobody reads is paid for', async (kind) => {
  const broken = { afterMs: 200, error: new CallError(kind, 'broken'), copy, perCallUsd: 0.1 };
  const world = new World(() => ({ ...broken, chunksMs: [100] }));
  const once = graph('agent', { ...any, retry: { attempts: 1 } })
    .node('answer', { call: writer, input: () => 0, optional: true })
    .output(() => 0);
  const { record } = await world.run(once, {}, { deadlineMs: 250 });
  expect(record.costUsd).toBeGreaterThan(0.1);
  expect(record.copySeconds).toBeGreaterThanOrEqual(0.2);
});

test('waits for a place do not count', async () => {
  const one = anyTool('one', 1);
  const map = graph('map', any)
    .map('answer', { over: () => [1, 2, 3], call: one, input: (i) => i })
    .output(() => 0);
  const { record } = await new World(() => ({ afterMs: 500, copy })).run(map);
  expect(record.nodes.answer!.calls.map(({ copySeconds }) => copySeconds)).toEqual([0.5, 0.5, 0.5]);
});

test('both tries of a hedged call count, each until it ends or is taken back', async () => {
  const hedged = tool('writer', { ...any, output: z.any(), hedge: { afterMs: 100, budget: 1 } });
  const hedging = graph('agent', any)
    .node('answer', { call: hedged, input: () => 0 })
    .output(() => 0);
  const reply = inTurn({ afterMs: 900, copy }, { afterMs: 200, copy });
  const world = await warmWorld(hedging, reply);
  const { record } = await world.run(hedging);
  expect(record.wallMs).toBe(300);
  // The first for 300 ms, the second for 200 ms.
  expect(callOf(record).copySeconds).toBeCloseTo(0.5);
});

test('a try that is cut off counts until then', async () => {
  const { error, record } = await new World(() => ({ afterMs: Infinity, copy })).run(agent, {}, { deadlineMs: 400 });
  expect(error!.kind).toBe('timed-out');
  expect(record).toMatchObject({ copySeconds: 0.4, costUsd: 0.004 });
});

test('a try that fell silent counts until it is given up', async () => {
  const watched = graph('agent', { ...any, timeout: { firstChunkMs: 300 }, retry: { attempts: 1 } })
    .node('answer', { call: writer, input: () => 0 })
    .output(() => 0);
  const { record } = await new World(() => ({ afterMs: Infinity, copy })).run(watched);
  expect(callOf(record).copySeconds).toBeCloseTo(0.3);
});

test('of calls that share a try, those pay that wait for it, one after another', async () => {
  const shared = tool('writer', { ...any, output: z.any(), singleFlight: true });
  const sharing = graph('agent', any)
    .node('answer', { call: shared, input: () => 0 })
    .output(() => 0);
  const world = new World(() => ({ afterMs: 1_000, copy }), 0.5, callPolicies());
  const outcomes = [200, 1_500, 1_500].map((deadlineMs) => world.start(sharing, {}, { deadlineMs }));
  const records = (await world.clock.until(Promise.all(outcomes))).map(({ record }) => record);
  expect(world.tries).toHaveLength(1);
  expect(records[0]!.copySeconds).toBeCloseTo(0.2);
  expect(records[1]!.copySeconds).toBeCloseTo(0.8);
  expect(records[2]).not.toHaveProperty('copySeconds');
});

test('the budget of a run counts what copies cost', async () => {
  const { error, record } = await new World(() => ({ afterMs: 1_000, copy })).run(chain);
  expect(error).toMatchObject({ kind: 'over-budget', at: 'c' });
  expect(record).toMatchObject({ costUsd: 0.02, copySeconds: 2 });
});

test('failed tries spend the budget, too, before the next one gets their place', async () => {
  const failing = graph('failing', { ...any, budgetUsd: 0.01, retry: { attempts: 1 } })
    .map('answer', { over: () => [1, 2, 3], call: anyTool('one', 1), input: (i) => i, optional: true })
    .output(() => 0);
  const world = new World(() => ({ afterMs: 1_000, error: new CallError('failed', 'broken'), copy }));
  const { record } = await world.run(failing);
  expect(world.tries).toHaveLength(1);
  expect(record.copySeconds).toBe(1);
});

test('whatever befalls the tries, the record has the time that copies worked on them', async () => {
  const replies = fc.array(
    fc.record({ ms: fc.integer({ min: 1, max: 400 }), end: fc.constantFrom('ok', 'retryable', 'not-ready', 'failed') }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(replies, fc.integer({ min: 1, max: 2_000 }), async (turns, deadlineMs) => {
      const ends: string[] = [];
      const world = new World(() => {
        const { ms, end } = turns[ends.length % turns.length]!;
        ends.push(end);
        const error = end === 'ok' ? {} : { error: new CallError(end, 'broken') };
        return { afterMs: ms, copy, ...error };
      });
      const map = graph('map', { ...any, retry: { attempts: 3, baseMs: 10 } })
        .map('answer', { over: () => [1, 2, 3], call: anyTool('two', 2), input: (i) => i, optional: true })
        .output(() => 0);
      const { record } = await world.run(map, {}, { deadlineMs });
      const workedMs = world.tries.reduce((sum, { startMs, endMs, abortMs }, i) => {
        const isFree = ends[i] === 'not-ready' && abortMs === undefined;
        return isFree ? sum : sum + ((abortMs ?? endMs)! - startMs);
      }, 0);
      expect(record.copySeconds ?? 0).toBeCloseTo(workedMs / 1_000, 6);
      expect(record.costUsd).toBeCloseTo(workedMs / 100_000, 8);
    }),
    { numRuns: 100 },
  );
});
