import { graph, tool } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { callPolicies } from '../../../core/run/policies';
import { ResultCache } from '../../../core/run/result-cache';
import { type Reply, World } from './support/world';

const agentOf = (cache: object) =>
  graph('agent', { input: z.any(), retry: { attempts: 1 } })
    .node('found', {
      call: tool('search', { input: z.any(), output: z.any(), cache: { forMs: 1_000, ...cache } }),
      input: ({ input }) => input,
    })
    .output(({ found }) => found);
const agent = agentOf({});

const worldOf = (reply: (input: any) => Reply) => new World(({ input }) => reply(input), 0.5, callPolicies());
const echo = (input: unknown) => ({ afterMs: 10, output: { echo: input }, costUsd: 1 });

test('an answer is given again for its time, at once and at no cost', async () => {
  const world = worldOf(echo);
  await world.run(agent, 'a');
  await world.clock.advance(999);
  const { output, record } = await world.run(agent, 'a');
  expect(output).toEqual({ echo: 'a' });
  expect(record).toMatchObject({ wallMs: 0, costUsd: 0 });
  expect(record.nodes.found!.calls[0]).toMatchObject({ attempts: 0, from: 'cache' });
  await world.clock.advance(1);
  await world.run(agent, 'a');
  expect(world.tries).toHaveLength(2);
});

test('neither another input nor another tenant gets it', async () => {
  const world = worldOf(echo);
  await world.run(agent, 'a', { tenant: 'one' });
  await world.run(agent, 'b', { tenant: 'one' });
  await world.run(agent, 'a', { tenant: 'two' });
  await world.run(agent, 'a');
  expect(world.tries).toHaveLength(4);
});

test('only the fields of the key decide', async () => {
  const world = worldOf(echo);
  const keyed = agentOf({ key: ['query'] });
  await world.run(keyed, { query: 'a', trace: 1 });
  expect((await world.run(keyed, { query: 'a', trace: 2 })).output).toEqual({ echo: { query: 'a', trace: 1 } });
  await world.run(keyed, { query: 'b', trace: 1 });
  expect(world.tries).toHaveLength(2);
});

test('no run sees what another did to an answer', async () => {
  const world = worldOf(echo);
  for (let i = 0; i < 3; i++) {
    const { output } = await world.run(agent, { words: ['a'] });
    expect(output).toEqual({ echo: { words: ['a'] } });
    output.echo.words.push('b');
  }
});

test('errors are not kept, nor answers that do not match their schema', async () => {
  let tries = 0;
  const strict = graph('agent', { input: z.any(), retry: { attempts: 1 } })
    .node('found', {
      call: tool('search', { input: z.any(), output: z.string(), cache: { forMs: 1_000 } }),
      input: ({ input }) => input,
    })
    .output(({ found }) => found);
  const replies: Reply[] = [{ error: new CallError('failed', 'broken') }, { output: 0 }, { output: 'good' }];
  const world = worldOf(() => replies[tries++]!);
  expect((await world.run(strict, 1)).error?.kind).toBe('failed');
  expect((await world.run(strict, 1)).error?.kind).toBe('failed');
  expect((await world.run(strict, 1)).output).toBe('good');
});

/** Which of the keys are there, by their places: texts of a megabyte make no readable failure. */
const kept = (cache: ResultCache, keys: readonly string[]) =>
  keys.flatMap((key, i) => (cache.get(key, 0) === undefined ? [] : [i]));

test('a thousand answers are kept, and the oldest goes first', () => {
  const cache = new ResultCache();
  for (let i = 0; i <= 1_000; i++) cache.set(`${i}`, { output: i }, { nowMs: 0, forMs: 10 });
  expect(cache.get('0', 0)).toBeUndefined();
  expect(cache.get('1', 0)).toEqual({ output: 1 });
  expect(cache.get('1000', 9)).toEqual({ output: 1_000 });
  expect(cache.get('1000', 10)).toBeUndefined();
});

test('what has expired is kept no longer than until the next look at any key', () => {
  const cache = new ResultCache();
  for (let i = 0; i < 10; i++) cache.set(`${i}`, { output: i }, { nowMs: i, forMs: 10 });
  expect(cache.size).toBe(10);
  cache.get('none', 15);
  expect(cache.size).toBe(4);
  cache.set('10', { output: 10 }, { nowMs: 18, forMs: 10 });
  expect(cache.size).toBe(2);
});

test.each([
  ['keys', (i: number) => [`${i}${'k'.repeat(1_000_000)}`, 0]],
  ['texts', (i: number) => [`${i}`, { text: 't'.repeat(1_000_000) }]],
  ['numbers', (i: number) => [`${i}`, { vectors: [Array(250_000).fill(0.5)] }]],
  ['names of fields', (i: number) => [`${i}`, { ['f'.repeat(1_000_000)]: 0 }]],
  ['bytes', (i: number) => [`${i}`, new Uint8Array(2_000_000)]],
] satisfies [string, (i: number) => [string, unknown]][])(
  '16 MiB of %s are kept, and the oldest goes first',
  (_, of) => {
    const cache = new ResultCache();
    const keys: string[] = [];
    for (let i = 0; i < 12; i++) {
      const [key, output] = of(i);
      keys.push(key);
      cache.set(key, { output }, { nowMs: 0, forMs: 10 });
    }
    expect(kept(cache, keys)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  },
);

test('an answer that is too large for the cache leaves the others there', () => {
  const cache = new ResultCache();
  cache.set('a', { output: 'a' }, { nowMs: 0, forMs: 10 });
  cache.set('b', { output: 't'.repeat(9_000_000) }, { nowMs: 0, forMs: 10 });
  expect(kept(cache, ['a', 'b'])).toEqual([0]);
});

test('an answer that is made anew takes the place of the old', () => {
  const cache = new ResultCache();
  const answer = { output: 't'.repeat(5_000_000) };
  cache.set('b', { output: 0 }, { nowMs: 0, forMs: 10 });
  for (let i = 0; i < 5; i++) cache.set('a', answer, { nowMs: 0, forMs: 10 });
  expect(kept(cache, ['a', 'b'])).toEqual([0, 1]);
});

test('an answer without end is not kept', () => {
  const cache = new ResultCache();
  const output: unknown[] = [];
  output.push(output);
  cache.set('a', { output }, { nowMs: 0, forMs: 10 });
  expect(kept(cache, ['a'])).toEqual([]);
});
