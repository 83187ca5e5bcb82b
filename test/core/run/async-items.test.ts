import { graph } from 'cdk-compound-inference/graph';
import { Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { promisesToSettle } from './support/virtual-clock';
import { anyTool, World } from './support/world';

const any = { input: z.any() };

/** Lets so many microtasks pass. */
async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

test('an item that fails ends a map over a stream that never ends, at whatever moment it fails', async () => {
  for (let failsAfter = 0; failsAfter < 16; failsAfter++) {
    for (let comesAfter = 0; comesAfter < 8; comesAfter++) {
      const engine = new Engine({
        caller: async ({ input }) => {
          if (input !== 'first') return new Promise(() => {});
          await ticks(failsAfter);
          throw new Error('no answer');
        },
        clock: { now: () => 0, setTimer: () => 0, clearTimer: () => {} },
        random: () => 0.5,
      });
      const agent = graph('agent', any)
        .map('items', {
          over: async function* () {
            yield 'first';
            await ticks(comesAfter);
            yield 'second';
            await new Promise(() => {});
          },
          call: anyTool('a'),
          input: (item) => item,
        })
        .output(() => 0);
      const ended = jest.fn();
      engine.run(agent, {}).then(ended, ended);
      await promisesToSettle();
      expect(ended.mock.calls[0]?.[0]).toMatchObject({ kind: 'failed', at: 'items[0]' });
    }
  }
});

/** As one may write it by hand: what `next` returns needs no promise. */
const threeByHand = (): AsyncIterable<number> => ({
  [Symbol.asyncIterator]: () => {
    let last = 0;
    return { next: () => ({ done: ++last > 3, value: last }) as unknown as Promise<IteratorResult<number>> };
  },
});

test('an iterator that answers at once is read like any other', async () => {
  const world = new World(({ input }) => ({ output: input }));
  const agent = graph('agent', any)
    .map('items', { over: threeByHand, call: anyTool('a'), input: (item) => item })
    .output(({ items }) => items);
  expect((await world.run(agent)).output).toEqual([1, 2, 3]);
});

test('a node that another reads need not know when it is over: nothing is taken of a run that has ended', async () => {
  const controller = new AbortController();
  const begun = jest.fn();
  const source = () => {
    controller.abort();
    return (async function* () {
      begun();
      yield 1;
    })();
  };
  const agent = graph('agent', any)
    .map('items', { over: source, call: anyTool('a'), input: (item) => item })
    .output(() => 0);
  const { error } = await new World().run(agent, {}, { signal: controller.signal });
  expect(error).toMatchObject({ kind: 'cancelled' });
  expect(begun).not.toHaveBeenCalled();
});
