import { graph, type Schema, tool } from 'cdk-compound-inference/graph';
import { InputError } from 'cdk-compound-inference/run';
import { anyTool, World } from '../run/support/world';

/** A schema of no library: text of digits, read as a number. */
const digits = {
  '~standard': {
    version: 1,
    vendor: 'own',
    validate: (value: unknown) =>
      typeof value === 'string' && /^\d+$/.test(value)
        ? { value: Number(value) }
        : { issues: [{ message: 'must be digits', path: ['orders', { key: 0 }, 'id'] }] },
  },
} as const satisfies Schema<string, number>;

/** The same, as a schema that must ask someone else. */
const slowDigits = (world: World): Schema<string, number> => ({
  '~standard': {
    ...digits['~standard'],
    validate: (value) =>
      new Promise((resolve) => {
        world.clock.setTimer(() => resolve(digits['~standard'].validate(value)), 10);
      }),
  },
});

/** The same, of a library with promises of its own. */
const thenableDigits = {
  '~standard': {
    ...digits['~standard'],
    validate: (value: unknown) => ({
      // biome-ignore lint/suspicious/noThenProperty: what is tested
      then: (tell: (result: unknown) => void) => tell(digits['~standard'].validate(value)),
    }),
  },
} as unknown as Schema<string, number>;

const world = new World(({ input }) => ({ output: String((input as number) + 1) }));
const kinds: [string, Schema<string, number>][] = [
  ['at once', digits],
  ['asynchronously', slowDigits(world)],
  ['with a promise of its own', thenableDigits],
];

test.each(kinds)('a schema of any library checks and transforms what goes in and out, %s', async (_, schema) => {
  const agent = graph('agent', { input: schema, output: schema })
    .node('next', { call: tool('next', { input: schema, output: schema }), input: ({ input }) => String(input) as any })
    .output(({ next }) => String(next));
  expect((await world.run(agent, '41')).output).toBe(42);
});

test.each(kinds)('its issues say where and what, %s', async (_, schema) => {
  const agent = graph('agent', { input: schema }).output(() => 0);
  const error = await world.clock.until(world.engine.run(agent, 'x').catch((thrown: unknown) => thrown));
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({
    issues: [{ path: 'orders[0].id', message: 'must be digits' }],
    message: 'the input of graph "agent" does not match its schema: orders[0].id: must be digits',
  });
});

test.each(kinds)('what it refuses on the way to and from a component fails the call, %s', async (_, schema) => {
  const agent = graph('agent', { input: digits })
    .node('asked', { call: tool('a', { input: schema, output: digits }), input: () => 'x' as any, optional: true })
    .node('answered', { call: { ...anyTool('b'), output: schema }, input: () => Number.NaN, optional: true })
    .output(() => 0);
  const { record } = await world.run(agent, '1');
  expect(record.nodes.asked!.error).toMatchObject({
    kind: 'invalid',
    message: 'the input of component "a" does not match its schema',
  });
  expect(record.nodes.answered!.error).toMatchObject({
    kind: 'failed',
    message: 'the answer of component "b" does not match its schema',
  });
});
