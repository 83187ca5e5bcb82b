import { graph } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { callPolicies } from '../../../core/run/policies';
import { anyTool, type Reply, World } from './support/world';

const any = { input: z.any() };
const search = anyTool('search');
const chain = graph('chain', { ...any, budgetUsd: 0.25 })
  .node('a', { call: search, input: () => 0 })
  .node('b', ['a'], { call: search, input: () => 0 })
  .node('c', ['b'], { call: search, input: () => 0 })
  .output(['c'], () => 'done');

const priced = (costUsd: number) => new World(() => ({ afterMs: 10, output: 0, costUsd }));

test('a run that has cost its budget makes no further call', async () => {
  const { error, record } = await priced(0.125).run(chain);
  expect(error).toMatchObject({
    kind: 'over-budget',
    at: 'c',
    message: 'c: the run has cost the 0.25 US dollars that it may',
  });
  expect(record).toMatchObject({ status: 'failed', costUsd: 0.25, nodes: { c: { calls: [{ attempts: 0 }] } } });
});

test('the budget of the caller lowers that of the graph, and never raises it', async () => {
  expect((await priced(0.125).run(chain, {}, { budgetUsd: 0.1 })).error?.at).toBe('b');
  expect((await priced(0.125).run(chain, {}, { budgetUsd: 1 })).error?.at).toBe('c');
  expect((await priced(0.01).run(chain)).output).toBe('done');
});

test('a node that may fail leaves its place to its default', async () => {
  const agent = graph('agent', { ...any, budgetUsd: 1 })
    .node('a', { call: search, input: () => 0 })
    .node('b', ['a'], { call: search, input: () => 0, default: 'unknown' })
    .output(['b'], ({ b }) => b);
  expect((await priced(1).run(agent)).output).toBe('unknown');
});

test('what a try costs counts even if its answer is of no use', async () => {
  const strict = graph('agent', { ...any, budgetUsd: 1, retry: { attempts: 5, baseMs: 1 } })
    .node('a', { call: { ...search, kind: 'model', output: z.string() }, input: () => 0 })
    .output(() => 0);
  const { error, record } = await priced(0.5).run(strict);
  expect(error?.kind).toBe('over-budget');
  expect(record.nodes.a!.calls[0]).toMatchObject({ attempts: 2, costUsd: 1 });
});

test('no call leaves once the budget is spent, and one at a time never costs more than one call beyond it', async () => {
  const costs = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      costs,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (usd, budgetUsd, n) => {
        let spentUsd = 0;
        const world = new World(({ input }) => {
          expect(spentUsd).toBeLessThan(budgetUsd);
          return { afterMs: 1 + usd[input as number]!, output: 0, costUsd: usd[input as number]! };
        });
        const limited = anyTool('search', n);
        const agent = graph('agent', any)
          .map('all', { over: () => [...usd.keys()], call: limited, input: (i) => i, optional: true })
          .compute('sum', ['all'], () => 0)
          .output(() => 0);
        const caller = world.start(agent, {}, { budgetUsd });
        const watch = () => {
          spentUsd = world.tries.reduce((sum, made) => sum + (made.endMs === undefined ? 0 : usd[made.input]!), 0);
          if (world.inFlight.length > 0) world.clock.setTimer(watch, 0.5);
        };
        world.clock.setTimer(watch, 0.5);
        const { record } = await world.clock.until(caller);
        expect(record.costUsd).toBeLessThan(budgetUsd + n * 8);
      },
    ),
    { numRuns: 50 },
  );
});

test('the price of a call is paid when it leaves, so that no others are made at once for the same money', async () => {
  const all = graph('agent', { ...any, budgetUsd: 2 })
    .map('all', { over: () => [0, 1, 2, 3, 4], call: search, input: (i) => i, optional: true })
    .output(({ all }) => all);
  const world = new World(() => ({ afterMs: 10, output: 0, perCallUsd: 1 }));
  const { record } = await world.run(all);
  expect(world.tries).toHaveLength(2);
  expect(record).toMatchObject({ costUsd: 2, nodes: { all: { calls: [{ costUsd: 1 }, { costUsd: 1 }, {}, {}, {}] } } });
});

test.each(['not-ready', 'throttled', 'invalid'] as const)(
  'a call that is turned away as %s costs nothing',
  async (kind) => {
    const turnedAway = { afterMs: 10, error: new CallError(kind, kind), perCallUsd: 1 };
    const { record } = await new World(() => turnedAway).run(chain, {}, { budgetUsd: 2, deadlineMs: 50 });
    expect(record).toMatchObject({ status: 'failed', costUsd: 0 });
  },
);

test('a call that fails or is given up costs its price', async () => {
  const failing = { afterMs: 10, error: new CallError('retryable', 'broken'), perCallUsd: 1 };
  const agent = graph('agent', { ...any, retry: { attempts: 3, baseMs: 1 } })
    .node('a', { call: search, input: () => 0 })
    .output(() => 0);
  expect((await new World(() => failing).run(agent)).record.costUsd).toBe(3);
  const hung = { afterMs: Infinity, perCallUsd: 1 };
  expect((await new World(() => hung).run(agent, {}, { deadlineMs: 50 })).record.costUsd).toBe(1);
});

describe('of two tries of a hedged call', () => {
  const hedged = { ...search, name: 'hedged', hedge: { afterMs: 5, budget: 1 } };
  const agent = graph('agent', { ...any, budgetUsd: 3.5 })
    .node('a', { call: hedged, input: () => 0 })
    .node('b', ['a'], { call: search, input: () => 0 })
    .node('c', ['b'], { call: search, input: () => 0 })
    .output(() => 'done');

  /** The first try of the hedged call is the slower of its two. */
  const worldOf = (slow: Reply) => {
    let tries = 0;
    const reply = () => (tries++ === 1 ? { afterMs: 40, ...slow } : { afterMs: 10, output: 0, perCallUsd: 1 });
    return new World(reply, 0.5, callPolicies());
  };
  /** One call makes the backend known as warm. */
  const warm = (world: World) =>
    world.run(
      graph('warm', any)
        .node('a', { call: hedged, input: () => 0 })
        .output(() => 0),
    );

  test('the loser costs the price of its call, too', async () => {
    const world = worldOf({ output: 0, perCallUsd: 1 });
    await warm(world);
    const { record, output } = await world.run(agent);
    expect(output).toBe('done');
    expect(record.nodes.a!.calls[0]).toMatchObject({ attempts: 2, costUsd: 2 });
    expect(record.costUsd).toBe(4);
  });

  test('the answer of the loser costs what it costs, if it comes while the run goes on, and a record that was read stays', async () => {
    const usage = { inputTokens: 10, outputTokens: 20 };
    const world = worldOf({ output: 0, costUsd: 2, usage, afterMs: 22, ignoresAbort: true });
    await warm(world);
    const { record, error } = await world.run(agent);
    expect(error).toMatchObject({ kind: 'over-budget', at: 'c' });
    expect(record).toMatchObject({ costUsd: 4, usage, nodes: { a: { calls: [{ costUsd: 3, usage }] } } });

    const later = worldOf({ output: 0, costUsd: 2, afterMs: 500, ignoresAbort: true });
    await warm(later);
    const early = (await later.run(agent)).record;
    expect(early.costUsd).toBe(3);
    await later.clock.advance(1_000);
    expect(early).toMatchObject({ costUsd: 3, nodes: { a: { calls: [{ costUsd: 1 }] } } });
  });
});

test('of calls that share a try the first pays its price, once, and gets it back if it is turned away', async () => {
  const shared = { ...search, name: 'shared', singleFlight: true };
  const sharing = graph('agent', { ...any, retry: { attempts: 1 } })
    .node('a', { call: shared, input: () => 0 })
    .output(() => 0);
  const costsOf = async (reply: Reply, firstMs: number) => {
    const world = new World(() => ({ afterMs: 100, perCallUsd: 1, ...reply }), 0.5, callPolicies());
    const runs = [firstMs, 500].map((deadlineMs) => world.start(sharing, {}, { deadlineMs }));
    const outcomes = await world.clock.until(Promise.all(runs));
    expect(world.tries).toHaveLength(1);
    return outcomes.map(({ record }) => record.costUsd);
  };
  expect(await costsOf({ output: 0 }, 500)).toEqual([1, 0]);
  // Who leaves has paid, and who stays does not pay again.
  expect(await costsOf({ output: 0 }, 50)).toEqual([1, 0]);
  expect(await costsOf({ error: new CallError('throttled', 'later') }, 500)).toEqual([0, 0]);
});

test('a run without a price has all the budget that there is', async () => {
  const world = new World(() => ({ error: new CallError('failed', 'broken') }));
  expect((await world.run(chain)).error?.kind).toBe('failed');
});
