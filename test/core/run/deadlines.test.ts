import { getEventListeners } from 'node:events';
import { graph } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { anyTool, World } from './support/world';

const any = { input: z.any() };

/** A chain of calls; each takes as long as its name says, but the one that hangs. */
function chainWorld(hanging: { name?: string }) {
  return new World(({ component: { name } }) => ({
    afterMs: hanging.name === name ? Infinity : Number(name.slice(1)),
  }));
}

function chainOf(durationsMs: readonly number[], optional?: number) {
  let builder = graph('chain', any) as any;
  for (const [i, ms] of durationsMs.entries()) {
    const options = i === optional ? { optional: true } : {};
    builder = builder.node(`n${i}`, i > 0 ? [`n${i - 1}`] : [], {
      call: anyTool(`c${ms}`),
      input: () => 0,
      ...options,
    });
  }
  return builder.output(() => 'done');
}

const durations = fc.uniqueArray(fc.integer({ min: 10, max: 1_000 }), { minLength: 1, maxLength: 5 });

describe('a run under a deadline', () => {
  test('ends a node that may fail in time for the nodes behind it', async () => {
    await fc.assert(
      fc.asyncProperty(durations, fc.nat(), fc.integer({ min: 1, max: 2_000 }), async (durationsMs, pick, slackMs) => {
        const hangs = pick % durationsMs.length;
        const totalMs = durationsMs.reduce((sum, ms) => sum + ms, 0);
        const hanging: { name?: string } = {};
        const world = chainWorld(hanging);
        const agent = chainOf(durationsMs, hangs);
        await world.run(agent);

        world.tries.length = 0;
        hanging.name = `c${durationsMs[hangs]}`;
        const { output, record } = await world.run(agent, {}, { deadlineMs: totalMs + slackMs });
        expect(world.tries[hangs]!.abortMs).toBeDefined();
        expect(record.nodes[`n${hangs}`]).toMatchObject({ status: 'failed', error: { kind: 'timed-out' } });
        expect({ output, status: record.status }).toEqual({ output: 'done', status: 'succeeded' });
        expect(record.wallMs).toBeLessThan(totalMs + slackMs);
      }),
      { numRuns: 50 },
    );
  });

  test('lets the first try of a node that must not fail use all the time there is', async () => {
    const hanging: { name?: string } = {};
    const world = chainWorld(hanging);
    const agent = chainOf([30, 10, 60]);
    await world.run(agent);
    hanging.name = 'c30';
    const { error, record } = await world.run(agent, {}, { deadlineMs: 50 });
    expect(record).toMatchObject({ status: 'timed-out', wallMs: 50 });
    const message = 'n0: had not ended when the 50 ms of the run were over';
    expect(error).toMatchObject({ kind: 'timed-out', at: 'n0', message });
  });

  test('is not failed by what the engine learned from a slow day', async () => {
    let slowMs = 9_500;
    const world = new World(({ component: { name } }) => ({ afterMs: name === 'c100' ? slowMs : 1_000 }));
    const agent = chainOf([1_000, 100]);
    await world.run(agent, {}, { deadlineMs: 20_000 });
    slowMs = 100;
    expect((await world.run(agent, {}, { deadlineMs: 2_000 })).record.status).toBe('succeeded');
  });

  test('is not failed by a branch that it does not take', async () => {
    let isTaken = true;
    const world = new World(({ component: { name } }) => ({ afterMs: Number(name.slice(1)) }));
    const agent = graph('agent', any)
      .node('router', { call: anyTool('c500'), input: () => 0 })
      .node('branch', ['router'], { call: anyTool('c20000'), input: () => 0, when: () => isTaken })
      .output(['branch'], () => 'done');
    await world.run(agent);
    isTaken = false;
    expect(await world.run(agent, {}, { deadlineMs: 2_000 })).toMatchObject({ output: 'done' });
  });

  test('leaves a gap in a map for the item that hangs, and answers', async () => {
    const world = new World(({ input }) => ({ afterMs: input as number }));
    const agent = graph('agent', any)
      .map('facts', { over: () => [10, Infinity, 20], call: anyTool('c'), input: (ms) => ms, optional: true })
      .node('answer', ['facts'], { call: anyTool('writer'), input: () => 100 })
      .output(({ facts }) => facts.length);
    expect(await world.run(agent, {}, { deadlineMs: 5_000 })).toMatchObject({ output: 3 });
  });

  test('does not learn from the wait for a copy', async () => {
    const hanging: { name?: string } = {};
    const world: World = new World(({ component: { name } }) => {
      if (hanging.name === name) return { afterMs: Infinity };
      const isCold = name === 'c20' && world.clock.now() < 60_000;
      return isCold ? { error: new CallError('not-ready', 'no copy') } : { afterMs: Number(name.slice(1)) };
    });
    const agent = chainOf([10, 20], 0);
    expect((await world.run(agent)).record.wallMs).toBeGreaterThan(60_000);
    hanging.name = 'c10';
    const { record } = await world.run(agent, {}, { deadlineMs: 100 });
    expect(record.wallMs).toBeCloseTo(80, 3);
  });

  test('ends then with all that is under way', async () => {
    const world = new World(() => ({ afterMs: Infinity }));
    const agent = graph('agent', { ...any, timeout: { totalMs: 1_000 } })
      .compute('forever', [], () => new Promise(() => {}))
      .compute('after', ['forever'], () => 0)
      .output(() => 0);
    const { error, record } = await world.run(agent);
    const message = 'forever: had not ended when the 1000 ms of the run were over';
    expect(error).toMatchObject({ kind: 'timed-out', message, at: 'forever' });
    expect(record).toMatchObject({
      status: 'timed-out',
      wallMs: 1_000,
      criticalPath: ['forever'],
      overheadMs: 0,
      nodes: {
        forever: { status: 'failed', startMs: 0, endMs: 1_000, error: { kind: 'timed-out', at: 'forever' } },
        after: { status: 'cancelled', startMs: 1_000 },
      },
    });
  });

  test.each([
    [300, 200],
    [200, 300],
  ])('is held to the shorter of its own limit of %i ms and a deadline of %i ms', async (totalMs, deadlineMs) => {
    const agent = graph('agent', { ...any, timeout: { totalMs } })
      .compute('forever', [], () => new Promise(() => {}))
      .output(() => 0);
    expect((await new World().run(agent, {}, { deadlineMs })).record).toMatchObject({
      status: 'timed-out',
      wallMs: 200,
    });
  });

  test.each([0, -5])('starts nothing if only %i ms are left', async (deadlineMs) => {
    const world = new World();
    const agent = chainOf([10]);
    const { error, record } = await world.run(agent, {}, { deadlineMs });
    expect(error).toMatchObject({ kind: 'timed-out' });
    expect(record).toMatchObject({
      status: 'timed-out',
      wallMs: 0,
      criticalPath: [],
      nodes: { n0: { status: 'cancelled' } },
    });
    expect({ tries: world.tries, timers: world.engineTimers }).toEqual({ tries: [], timers: 0 });
  });

  test.each([
    ['the limit of its nodes', { totalMs: 100, nodeMs: 100 }, 200],
    ['the time at which a join would go on with less', { totalMs: 100 }, 100],
  ])('ends then, and not by %s, if that is at the same moment', async (_, timeout, lateMs) => {
    const hanging = { call: anyTool('hangs'), input: () => 0 };
    const agent = graph('agent', { ...any, timeout })
      .node('a', hanging)
      .node('b', hanging)
      .compute('late', { atLeast: 2, of: ['a', 'b'], late: { afterMs: lateMs, atLeast: 0 } }, () => 0)
      .output(['late'], () => 0);
    const { record } = await new World(() => ({ afterMs: Infinity })).run(agent);
    expect({ status: record.status, wallMs: record.wallMs }).toEqual({ status: 'timed-out', wallMs: 100 });
  });

  test.each(['when', 'over', 'input'])('sends nothing once "%s" has taken all of it', async (slow) => {
    const world = new World();
    const busy = <T>(what: string, value: T): T => {
      if (what === slow) world.clock.skip(50);
      return value;
    };
    const agent = graph('agent', any)
      .map('calls', {
        when: () => busy('when', true),
        over: () => busy('over', ['a', 'b']),
        call: anyTool('a'),
        input: () => busy('input', 0),
      })
      .output(() => 0);
    const { record } = await world.run(agent, {}, { deadlineMs: 20 });
    expect({ status: record.status, tries: world.tries }).toEqual({ status: 'timed-out', tries: [] });
  });

  test('ends then, and not by the limit of a function that is at the same moment', async () => {
    const agent = graph('agent', { ...any, timeout: { totalMs: 100, nodeMs: 100 } })
      .compute('a', [], () => new Promise(() => {}))
      .output(['a'], () => 0);
    expect((await new World().run(agent)).record.status).toBe('timed-out');
  });

  test('starts nothing once functions that cannot be cut off have taken all of it', async () => {
    const world = new World();
    const agent = graph('agent', any)
      .compute('slow', [], () => world.clock.skip(50))
      .node('call', ['slow'], { call: anyTool('a'), input: () => 0 })
      .output(() => 0);
    const { error } = await world.run(agent, {}, { deadlineMs: 20 });
    expect(error).toMatchObject({ kind: 'timed-out', message: 'the run did not end within 20 ms' });
    expect(world.tries).toEqual([]);
  });

  test('counts the time that reading the input takes', async () => {
    const world = new World(() => ({ afterMs: Infinity }));
    const slow = z.any().refine(() => new Promise((resolve) => world.clock.setTimer(() => resolve(true), 80)));
    const agent = graph('agent', { input: slow })
      .compute('forever', [], () => new Promise(() => {}))
      .output(() => 0);
    const { record } = await world.run(agent, {}, { deadlineMs: 100 });
    expect(record).toMatchObject({ status: 'timed-out', wallMs: 100, nodes: { forever: { startMs: 80, endMs: 100 } } });
  });
});

describe('a schema of the run that never ends its check', () => {
  const hanging = z.any().refine(() => new Promise<boolean>(() => {}));
  const input = graph('agent', { input: hanging })
    .node('call', { call: anyTool('c'), input: () => 0 })
    .output(() => 0);
  const output = graph('agent', { input: z.any(), output: hanging })
    .node('call', { call: anyTool('c'), input: () => 0 })
    .output(() => 0);

  test.each([
    ['input', input, { kind: 'timed-out', message: 'the run did not end within 50 ms' }, []],
    ['output', output, { kind: 'timed-out', at: 'output', message: /^output: had not ended when the 50 ms/ }, ['call']],
  ])('is given up at the deadline: %s', async (_, agent, error, criticalPath) => {
    const world = new World();
    const outcome = await world.run(agent, {}, { deadlineMs: 50 });
    expect(outcome).toMatchObject({
      error: { ...error, message: expect.stringMatching(error.message) },
      record: { status: 'timed-out', wallMs: 50, criticalPath },
    });
    expect({ tries: world.tries.length, timers: world.engineTimers }).toEqual({
      tries: criticalPath.length,
      timers: 0,
    });
  });

  test.each([
    ['input', input, []],
    ['output', output, ['call']],
  ])('is given up when the run is cancelled: %s', async (_, agent, criticalPath) => {
    const world = new World();
    const controller = new AbortController();
    world.clock.setTimer(() => controller.abort(), 20);
    const { error, record } = await world.run(agent, {}, { deadlineMs: 50, signal: controller.signal });
    expect(error).toMatchObject({ kind: 'cancelled' });
    expect(record).toMatchObject({ status: 'cancelled', wallMs: 20, criticalPath });
    expect({ tries: world.tries.length, timers: world.engineTimers }).toEqual({
      tries: criticalPath.length,
      timers: 0,
    });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('a node with a time limit', () => {
  test.each([
    ['a call', { afterMs: Infinity }],
    ['a call that ignores aborts', { afterMs: 10_000, ignoresAbort: true as const }],
    ['a call between two tries', { error: new CallError('retryable', 'no') }],
  ])('fails when it is over: %s', async (_, reply) => {
    const world = new World(() => reply, 0.9);
    const agent = graph('agent', any)
      .node('a', {
        call: anyTool('a'),
        input: () => 0,
        timeout: { nodeMs: 100 },
        retry: { attempts: 1_000, baseMs: 60, capMs: 60 },
      })
      .output(() => 0);
    const { error, record } = await world.run(agent);
    expect(error).toMatchObject({ at: 'a' });
    expect(record.nodes.a).toMatchObject({ status: 'failed' });
    expect(record.wallMs).toBeLessThanOrEqual(100);
    expect(world.engineTimers).toBe(0);
  });

  test('counts its time in the queue of the component', async () => {
    const world = new World(() => ({ afterMs: 1_000 }));
    const busy = anyTool('busy', 1);
    const agent = graph('agent', any)
      .node('first', { call: busy, input: () => 0 })
      .node('second', { call: busy, input: () => 0, timeout: { nodeMs: 100 }, optional: true })
      .output(['first', 'second'], ({ second }) => second as unknown);
    const { record } = await world.run(agent);
    expect(record.nodes.second).toMatchObject({
      status: 'failed',
      endMs: 100,
      error: { at: 'second', kind: 'timed-out', message: 'node "second" did not end within 100 ms' },
      calls: [{ attempts: 0, waitMs: 100 }],
    });
    expect(record.status).toBe('succeeded');
    expect(world.tries).toHaveLength(1);
  });

  test('that is a function fails too, and its signal is aborted', async () => {
    const world = new World();
    let signal: AbortSignal | undefined;
    const agent = graph('agent', { ...any, timeout: { nodeMs: 100 } })
      .compute('forever', [], (_, context) => {
        signal = context.signal;
        return new Promise(() => {});
      })
      .output(() => 0);
    const { error, record } = await world.run(agent);
    expect(error).toMatchObject({ kind: 'timed-out', at: 'forever' });
    expect(record).toMatchObject({ status: 'failed', wallMs: 100 });
    expect(signal!.aborted).toBe(true);
  });

  test('that is a map of optional items keeps the answers that came in time', async () => {
    const world = new World(({ input }) => ({ afterMs: input as number, output: input }));
    const agent = graph('agent', any)
      .map('a', {
        over: () => [10, 500, 20, 600, 30],
        call: anyTool('a'),
        input: (ms) => ms,
        concurrency: 2,
        default: 'late',
        timeout: { nodeMs: 100 },
      })
      .output(({ a }) => a);
    const { output, record } = await world.run(agent);
    expect(output).toEqual([10, 'late', 20, 'late', 'late']);
    expect(record.wallMs).toBe(100);
    expect(record.nodes.a!.calls.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 0]);
  });

  test('gives up on an asynchronous schema of its component, too', async () => {
    const world = new World();
    const stuck = {
      '~standard': { version: 1, vendor: 'test', validate: () => new Promise<never>(() => {}) },
    } as const;
    const agent = graph('agent', { ...any, timeout: { nodeMs: 100 } })
      .node('asked', { call: { ...anyTool('asked'), input: stuck }, input: () => 0 })
      .node('answered', { call: { ...anyTool('answered'), output: stuck }, input: () => 0 })
      .output(() => 0);
    const { record } = await world.run(agent);
    expect(record).toMatchObject({
      wallMs: 100,
      nodes: { asked: { status: 'failed' }, answered: { status: 'failed' } },
    });
  });

  test('leaves the first answer alone: the time limit of one that has ended does nothing', async () => {
    const world = new World(() => ({ afterMs: 10 }));
    const agent = graph('agent', any)
      .node('quick', { call: anyTool('quick'), input: () => 0, timeout: { nodeMs: 50 } })
      .compute('slow', [], () => new Promise((resolve) => world.clock.setTimer(() => resolve(0), 500)))
      .output(() => 'fine');
    expect(await world.run(agent)).toMatchObject({
      output: 'fine',
      record: { nodes: { quick: { status: 'succeeded' } } },
    });
    expect(world.tries[0]!.signal.aborted).toBe(false);
  });
});
