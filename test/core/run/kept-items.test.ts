import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Graph, graph } from 'cdk-compound-inference/graph';
import { Engine } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { anyTool } from './support/world';

setFlagsFromString('--expose_gc');
const collectGarbage: () => void = runInNewContext('gc');

const ITEMS = 50;

/** Items that are found again for as long as anything keeps them. */
class Items {
  readonly #refs: WeakRef<object>[] = [];
  /** Of all but the last, while that is still to come. */
  kept = Number.NaN;

  async *all() {
    for (let i = 0; i < ITEMS; i++) {
      yield this.#make(i);
      // A weak reference is kept until the task that made it ends.
      await setImmediate();
    }
    collectGarbage();
    this.kept = this.#refs.filter((ref) => ref.deref()).length;
  }

  #make(i: number): object {
    const item = { i };
    this.#refs.push(new WeakRef(item));
    return item;
  }
}

const engine = () =>
  new Engine({
    caller: async () => ({ output: 'short' }),
    clock: {
      now: () => performance.now(),
      setTimer: setTimeout,
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    random: Math.random,
  });

const agentOf = (items: Items): Graph =>
  graph('agent', { input: z.any() })
    .map('pages', { over: () => items.all(), concurrency: 2, call: anyTool('read'), input: () => 0 })
    .output(({ pages }) => pages.length);

test('a map over a stream lets go of each item that is answered', async () => {
  const items = new Items();
  expect((await engine().run(agentOf(items), {})).output).toBe(ITEMS);
  expect(items.kept).toBeLessThanOrEqual(3);
});
