import { graph } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { anyTool, World } from './support/world';

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

test('a run without a price has all the budget that there is', async () => {
  const world = new World(() => ({ error: new CallError('failed', 'broken') }));
  expect((await world.run(chain)).error?.kind).toBe('failed');
});
