import { graph } from 'cdk-compound-inference/graph';
import { Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { anyTool, World } from '../core/run/support/world';

test('a chain of 50,000 functions runs without a deep stack', async () => {
  const nodes = Array.from({ length: 50_000 }, (_, i) => i);
  let builder = graph('chain', { input: z.object({ from: z.number() }) }).compute(
    'n0',
    [],
    ({ input }) => input.from,
  ) as any;
  for (const i of nodes.slice(1))
    builder = builder.compute(`n${i}`, [`n${i - 1}`], (values: any) => values[`n${i - 1}`] + 1);
  const last = 'n49999';
  const agent = builder.output([last], (values: any) => values[last]);

  const { output, record } = await new World().run(agent, { from: 1 });
  expect(output).toBe(50_000);
  expect(record.criticalPath).toHaveLength(50_000);
});

test('a failure at the head of a chain of 20,000 functions stops them all without a deep stack', async () => {
  let builder = graph('chain', { input: z.any() }).compute('n0', [], () => {
    throw new Error('no');
  }) as any;
  for (let i = 1; i < 20_000; i++) builder = builder.compute(`n${i}`, [`n${i - 1}`], () => 0);
  const { error, record } = await new World().run(builder.output(() => 0));
  expect(error).toMatchObject({ kind: 'failed', at: 'n0', message: 'n0: no' });
  expect(record.nodes.n19999).toMatchObject({ status: 'stopped', error: { at: 'n0' } });
});

test('a map of 130,000 items can be put on record, and its duration learned', async () => {
  const { clock } = new World();
  const engine = new Engine({ caller: async () => ({ output: 0, costUsd: 1 }), clock, random: () => 0 });
  const agent = graph('agent', { input: z.any() })
    .map('a', { over: () => Array(130_000).fill(0), call: anyTool('a'), input: (item) => item, concurrency: 10 })
    .output(() => 0);
  expect((await engine.run(agent, {})).record).toMatchObject({ status: 'succeeded', costUsd: 130_000 });
});
