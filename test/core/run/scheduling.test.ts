import { graph } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import { chaos, suffer } from './support/chaos';
import { predict } from './support/prediction';
import { type GraphShape, graphOf, graphShape, idOf, needsOf, type Question, replyOf } from './support/shapes';
import { anyTool, type Outcome, order, World } from './support/world';

/** What the engine's random source draws; the same for all delays of a run. */
const random = fc.constantFrom(0, 0.25, 0.5, 0.75);

async function runShape(shape: GraphShape, draw: number): Promise<Outcome> {
  const world = new World(replyOf(shape), draw);
  return world.run(graphOf(shape, world.clock));
}

const nearly = (ms: number) => expect.closeTo(ms, 6) as number;

test('without limits every node starts when its last need ends, fares and answers as a naive interpreter says', async () => {
  await fc.assert(
    fc.asyncProperty(graphShape, random, async (shape, draw) => {
      const { record, output } = await runShape(shape, draw);
      const expected = predict(shape, draw);
      const nodes = expected.nodes.map(({ status, startMs, endMs }, i) => [
        idOf(i),
        expect.objectContaining({ status, startMs: nearly(startMs), endMs: nearly(endMs) }),
      ]);
      expect(record.nodes).toEqual(Object.fromEntries(nodes));
      expect(record.wallMs).toBeCloseTo(expected.wallMs, 6);
      expect(output).toBe(expected.output);
    }),
    { numRuns: 500 },
  );
});

test('without limits a run takes as long as its critical path', async () => {
  await fc.assert(
    fc.asyncProperty(graphShape, random, async (shape, draw) => {
      const { record } = await runShape(shape, draw);
      expect(record.criticalPathMs).toBeCloseTo(record.wallMs, 6);
      expect(record.overheadMs).toBeCloseTo(0, 6);
    }),
  );
});

test('no try starts before the needs of its node have ended, and none is made twice', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, async (bounds) => {
      const { world, outcome } = await suffer(bounds);
      const made = world.tries.map(({ input, attempt }) => `${input.position}[${input.item}] try ${attempt}`);
      expect(new Set(made).size).toBe(made.length);
      for (const { input, startMs } of world.tries) {
        for (const need of needsOf(bounds.shape, (input as Question).position)) {
          expect(outcome.record.nodes[idOf(need)]!.endMs).toBeLessThanOrEqual(startMs);
        }
      }
    }),
  );
});

test('a node does not wait for those beside its needs', async () => {
  const world = new World(({ component }) => ({
    afterMs: { quick: 10, slow: 1_000, after: 5, last: 1 }[component.name]!,
  }));
  const agent = graph('two-lanes', { input: z.any() })
    .node('quick', { call: anyTool('quick'), input: () => 0 })
    .node('slow', { call: anyTool('slow'), input: () => 0 })
    .node('after', ['quick'], { call: anyTool('after'), input: () => 0 })
    .node('last', ['after', 'slow'], { call: anyTool('last'), input: () => 0 })
    .output(['last'], ({ last }) => last);

  const { record } = await world.run(agent);
  expect(record.nodes.after).toMatchObject({ startMs: 10, endMs: 15 });
  expect(record.nodes.last).toMatchObject({ startMs: 1_000, endMs: 1_001 });
  expect(record.criticalPath).toEqual(['slow', 'last']);
});

test('nodes see the input of the run and the values of their needs, and nothing else', async () => {
  const world = new World(({ component }) => ({ output: `from ${component.name}` }));
  const agent = graph('seeing', { input: z.object({ question: z.string() }) })
    .node('a', { call: anyTool('a'), input: (values) => ({ ...values }) })
    .node('b', { call: anyTool('b'), input: (values) => ({ ...values }) })
    .map('c', ['b'], {
      over: () => ['x', 'y'],
      call: anyTool('c'),
      input: (item, values, i) => ({ item, i, ...values }),
    })
    .compute('d', ['a', 'c'], (values) => ({ ...values }))
    .output(['d'], (values) => ({ ...values }));

  const input = { question: 'why' };
  const { output } = await world.run(agent, input);
  expect(world.tries.map((made) => made.input as unknown)).toEqual([
    { input },
    { input },
    { input, b: 'from b', item: 'x', i: 0 },
    { input, b: 'from b', item: 'y', i: 1 },
  ]);
  expect(output).toEqual({ input, d: { input, a: 'from a', c: ['from c', 'from c'] } });
});

test('the input schema may fill in and transform what nodes see', async () => {
  const input = z.object({ topK: z.number().default(5), words: z.string().transform((text) => text.split(' ')) });
  const agent = graph('transforming', { input }).output((values) => values.input);
  expect((await new World().run(agent, { words: 'a b' })).output).toEqual({ topK: 5, words: ['a', 'b'] });
});

test('nodes that become ready together start in the order of their longest remaining path, once that is known', async () => {
  const tails = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(tails, async (tailsMs) => {
      const world = new World(({ input }) => ({ afterMs: input as number }));
      let builder = graph('heads-and-tails', { input: z.any() }) as any;
      for (const [i, ms] of tailsMs.entries()) {
        builder = builder
          .node(`head${i}`, { call: anyTool(`head${i}`), input: () => 1 })
          .node(`tail${i}`, [`head${i}`], { call: anyTool(`tail${i}`), input: () => ms });
      }
      const agent = builder.output(() => 0);
      await world.run(agent);
      expect(order(world.tries).slice(0, tailsMs.length)).toEqual(tailsMs.map((_, i) => `head${i}`));

      world.tries.length = 0;
      await world.run(agent);
      const longestFirst = [...tailsMs.keys()].sort((a, b) => tailsMs[b]! - tailsMs[a]!);
      expect(order(world.tries).slice(0, tailsMs.length)).toEqual(longestFirst.map((i) => `head${i}`));
    }),
    { numRuns: 30 },
  );
});

test('while nothing is known about durations, the node with more nodes behind it starts first', async () => {
  const world = new World();
  const agent = graph('unknown', { input: z.any() })
    .node('short', { call: anyTool('short'), input: () => 0 })
    .node('long', { call: anyTool('long'), input: () => 0 })
    .compute('more', ['long'], () => 0)
    .output(() => 0);
  await world.run(agent);
  expect(order(world.tries)).toEqual(['long', 'short']);
});

test('a graph without nodes answers from its input', async () => {
  const agent = graph('echo', { input: z.object({ text: z.string() }) }).output(({ input }) => input.text);
  expect(await new World().run(agent, { text: 'hello' })).toMatchObject({
    output: 'hello',
    record: {
      graph: 'echo',
      status: 'succeeded',
      wallMs: 0,
      nodes: {},
      criticalPath: [],
      criticalPathMs: 0,
      overheadMs: 0,
      costUsd: 0,
      usage: { inputTokens: 0, outputTokens: 0 },
    },
  });
});
