import { graph, model, tool } from 'cdk-compound-inference/graph';
import { CallError, Engine } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { callPolicies } from '../../../core/run/policies';
import { VirtualClock } from './support/virtual-clock';
import { anyTool, type Outcome, type Reply, World } from './support/world';

const writer = tool('writer', { input: z.any(), output: z.any(), singleFlight: true });
const agent = graph('agent', { input: z.any(), retry: { attempts: 1 } })
  .node('answer', { call: writer, input: ({ input }) => input })
  .output(({ answer }) => answer);

const worldOf = (reply: (input: any) => Reply) => new World(({ input }) => reply(input), 0.5, callPolicies());
const echo = (input: unknown) => ({ afterMs: 100, output: { echo: input }, costUsd: 1 });

test('calls with one input share one try, and its cost is counted once', async () => {
  const world = worldOf(echo);
  const runs = [1, 2, 3].map(() => world.start(agent, { question: 'why?' }));
  const outcomes = await world.clock.until(Promise.all(runs));
  expect(world.tries).toHaveLength(1);
  expect(outcomes.map(({ output }) => output.echo.question)).toEqual(['why?', 'why?', 'why?']);
  expect(outcomes.map(({ record }) => record.costUsd)).toEqual([1, 0, 0]);
  const calls = outcomes.map(({ record }) => record.nodes.answer!.calls[0]!);
  expect(calls.map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
  expect(calls.map(({ from }) => from)).toEqual([undefined, 'shared', 'shared']);
  expect(calls.map(({ waitMs }) => waitMs)).toEqual([0, 0, 0]);
});

test('none sees what another does to the answer', async () => {
  const world = worldOf(echo);
  const both = [1, 2].map(() => world.start(agent, { question: 'why?' }));
  const [first, second] = await world.clock.until(Promise.all(both));
  first!.output.echo.question = 'changed';
  expect(second!.output.echo.question).toBe('why?');
});

test('an answer is shared only while it is under way', async () => {
  const world = worldOf(echo);
  await world.run(agent, 1);
  await world.run(agent, 1);
  expect(world.tries).toHaveLength(2);
});

test('the try goes on as long as one call waits for it, and who stays pays', async () => {
  const world = worldOf(echo);
  const leaving = world.start(agent, 1, { deadlineMs: 20 });
  const staying = world.start(agent, 1);
  expect((await world.clock.until(leaving)).error?.kind).toBe('timed-out');
  expect(world.inFlight).toHaveLength(1);
  const { output, record } = await world.clock.until(staying);
  expect(output).toEqual({ echo: 1 });
  expect(record.costUsd).toBe(1);
});

test('it ends with the last call that waits for it', async () => {
  const world = worldOf(echo);
  const runs = [20, 30].map((deadlineMs) => world.start(agent, 1, { deadlineMs }));
  await world.clock.until(Promise.all(runs));
  expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([30]);
  // One that comes later has a try of its own.
  expect((await world.run(agent, 1)).output).toEqual({ echo: 1 });
});

test.each([
  ['the only call', [20]],
  ['the last of several', [20, 10]],
])('an answer that comes after %s has given it up is paid for by that call', async (_, limitsMs) => {
  const next = anyTool('next');
  const patient = limitsMs.map((nodeMs) =>
    graph('patient', { input: z.any() })
      .node('answer', { call: writer, input: () => 1, timeout: { nodeMs }, default: 0 })
      .node('next', ['answer'], { call: next, input: () => 0 })
      .output(['next'], () => 'done'),
  );
  const world = new World(
    ({ component: { name } }) =>
      name === 'next'
        ? { afterMs: 100 }
        : { afterMs: 60, ignoresAbort: true, costUsd: 1, usage: { inputTokens: 5, outputTokens: 7 } },
    0.5,
    callPolicies(),
  );
  const outcomes = await world.clock.until(Promise.all(patient.map((each) => world.start(each))));
  expect(world.triesOf('writer')).toHaveLength(1);
  const [paying, ...others] = outcomes.map(({ record }) => record);
  expect(paying).toMatchObject({ costUsd: 1, usage: { inputTokens: 5, outputTokens: 7 } });
  expect(others.map(({ costUsd }) => costUsd)).toEqual(others.map(() => 0));
});

test('a backend that passes text on at once is shared like any other, also by whoever asks while it does', async () => {
  const told: string[] = [];
  const calls: string[] = [];
  const clock = new VirtualClock();
  const engine = new Engine({
    clock,
    random: () => 0.5,
    policies: callPolicies(),
    caller: async ({ onText }) => {
      calls.push('call');
      onText?.('Hel');
      onText?.('lo');
      return { output: { text: 'Hello', finishReason: 'stop' }, costUsd: 1 };
    },
  });
  const streaming = graph('streaming', { input: z.any() })
    .node('answer', { call: model('chat', { singleFlight: true }), input: () => 'Hi', stream: true })
    .output(({ answer }) => answer.text);
  const tell = (of: string) => (event: { type: string; text?: string }) => {
    if (event.type === 'text') told.push(`${of}: ${event.text}`);
  };
  let second: Promise<{ output: string }> | undefined;
  const first = engine.run(
    streaming,
    {},
    {
      onEvent: (event) => {
        tell('first')(event);
        if (event.type === 'text') second ??= engine.run(streaming, {}, { onEvent: tell('second') });
      },
    },
  );
  expect((await clock.until(first)).output).toBe('Hello');
  expect((await clock.until(second!)).output).toBe('Hello');
  expect(calls).toHaveLength(1);
  for (const reader of ['first', 'second']) {
    const text = told.flatMap((line) => (line.startsWith(reader) ? [line.slice(reader.length + 2)] : []));
    expect(text.join('')).toBe('Hello');
  }
});

test('a failure is shared too, and each call tries again by itself', async () => {
  const retrying = graph('agent', { input: z.any(), retry: { attempts: 2, baseMs: 10 } })
    .node('answer', { call: writer, input: ({ input }) => input })
    .output(({ answer }) => answer);
  let tries = 0;
  const world = worldOf((input) =>
    tries++ === 0 ? { afterMs: 5, error: new CallError('retryable', 'broken') } : echo(input),
  );
  const outcomes = await world.clock.until(Promise.all([1, 2].map(() => world.start(retrying, 1))));
  expect(outcomes.map(({ output }) => output)).toEqual([{ echo: 1 }, { echo: 1 }]);
  expect(world.tries).toHaveLength(2);
});

test('a run without a budget left does not take another with it', async () => {
  const first = graph('first', { input: z.any() })
    .node('paid', { call: tool('paid', { input: z.any(), output: z.any() }), input: () => 0 })
    .node('answer', ['paid'], { call: limited, input: () => 1 })
    .output(['answer'], ({ answer }) => answer);
  const second = graph('second', { input: z.any() })
    .node('answer', { call: limited, input: ({ input }) => input })
    .output(({ answer }) => answer);
  const world = worldOf((input) => ({ afterMs: input === 2 ? 50 : 10, output: input, costUsd: 1 }));
  const blocking = world.start(second, 2);
  const broke = world.start(first, {}, { budgetUsd: 1 });
  await world.clock.advance(20);
  const other = world.start(second, 1);
  const [, poor, rich] = await world.clock.until(Promise.all([blocking, broke, other]));
  expect(poor.error?.kind).toBe('over-budget');
  expect(rich.output).toBe(1);
});
const limited = tool('limited', { input: z.any(), output: z.any(), singleFlight: true, concurrency: 1 });

interface Visit {
  readonly input: unknown;
  readonly tenant: string | undefined;
  readonly atMs: number;
  readonly deadlineMs: number;
}

const visit: fc.Arbitrary<Visit> = fc.record({
  input: fc.constantFrom<unknown>(1, '1', true, 'true', { a: 1 }, { a: '1' }, [1], ['1'], 0, -0, null, {}),
  tenant: fc.constantFrom(undefined, 'a', 'b', '"a"', ''),
  atMs: fc.nat(300).map((ms) => ms + 0.5),
  deadlineMs: fc.nat(200).map((ms) => ms + 0.25),
});

test('no call is ever answered with what another tenant or another input was answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { maxLength: 25, size: 'max' }), async (visits) => {
      const world = worldOf((input) => ({ afterMs: 90, output: { input, try: world.tries.length } }));
      const outcomes = visits.map(async ({ atMs, input, tenant, deadlineMs }): Promise<Outcome> => {
        await new Promise<void>((resolve) => void world.clock.setTimer(resolve, atMs));
        return world.start(agent, input, { deadlineMs, ...(tenant !== undefined && { tenant }) });
      });
      const ended = await world.clock.until(Promise.all(outcomes));
      const owners = new Map<number, string>();
      ended.forEach(({ output, error }, i) => {
        const { input, tenant } = visits[i]!;
        if (error) {
          expect(error.kind).toBe('timed-out');
          return;
        }
        expect(Object.is(output.input, input) || typeof input === 'object').toBe(true);
        expect(output.input).toEqual(input);
        const owner = owners.get(output.try) ?? String(tenant);
        owners.set(output.try, owner);
        expect(owner).toBe(String(tenant));
      });
      expect(world.inFlight).toEqual([]);
      expect(world.engineTimers).toBe(0);
    }),
    { numRuns: 60 },
  );
});
