import { graph, model, RECOMMENDED_POLICIES, tool } from 'cdk-compound-inference/graph';
import { CallError, type CallErrorKind } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { Breaker, type Outcome } from '../../../core/run/breaker';
import { callPolicies } from '../../../core/run/policies';
import { World } from './support/world';

const OPTIONS = { failureRatio: 0.5, slowRatio: 0.5, minCalls: 4, windowMs: 1_000, openMs: 100, probes: 2 };

/** Makes calls one after another, one a millisecond, and tells which were let through. */
function passed(breaker: Breaker, outcomes: readonly Outcome[], startMs = 0): boolean[] {
  return outcomes.map((outcome, i) => {
    const ticket = breaker.enter(startMs + i);
    if (ticket !== undefined) breaker.leave(ticket, outcome, startMs + i);
    return ticket !== undefined;
  });
}

test('it opens once half of the calls have failed, not before there are enough of them', () => {
  const breaker = new Breaker(OPTIONS);
  expect(passed(breaker, ['bad', 'bad', 'bad'])).toEqual([true, true, true]);
  expect(passed(breaker, ['bad', 'good'], 3)).toEqual([true, false]);
  expect(breaker.waitMs(3)).toBe(100);
  expect(breaker.waitMs(53)).toBe(50);
});

test('slow calls open it as failed ones do, and both count alone', () => {
  expect(passed(new Breaker(OPTIONS), ['slow', 'good', 'slow', 'good', 'slow', 'good'])).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(passed(new Breaker(OPTIONS), ['slow', 'bad', 'good', 'good', 'good'])).not.toContain(false);
});

test('faults one after another open it however long ago they were, if the calls in the window are too few to tell', () => {
  const breaker = new Breaker({ ...OPTIONS, consecutiveFaults: 3 });
  const at = (startMs: number, outcome: Outcome) => passed(breaker, [outcome], startMs)[0];
  expect([at(0, 'bad'), at(5_000, 'slow'), at(10_000, 'good'), at(15_000, 'bad'), at(20_000, 'bad')]).not.toContain(
    false,
  );
  expect([at(25_000, 'none'), at(30_000, 'bad'), at(30_050, 'good')]).toEqual([true, true, false]);
});

test('faults one after another do not count where the shares of the window tell', () => {
  const breaker = new Breaker({ ...OPTIONS, failureRatio: 0.9, consecutiveFaults: 3 });
  passed(breaker, ['good', 'good', 'good', 'good']);
  expect(passed(breaker, ['bad', 'bad', 'bad', 'bad', 'good'], 10)).not.toContain(false);
});

test('calls of long ago do not count', () => {
  const breaker = new Breaker(OPTIONS);
  passed(breaker, ['bad', 'bad', 'bad']);
  expect(passed(breaker, ['bad', 'good', 'good'], 2_000)).toEqual([true, true, true]);
});

test('when it has been open, it lets so many calls probe, and closes once they have succeeded', () => {
  const breaker = new Breaker(OPTIONS);
  passed(breaker, ['bad', 'bad', 'bad', 'bad']);
  const [first, second] = [breaker.enter(103), breaker.enter(103)];
  expect(breaker.enter(103)).toBeUndefined();
  breaker.leave(first!, 'good', 110);
  expect(breaker.enter(110)).toBeUndefined();
  breaker.leave(second!, 'good', 120);
  expect(passed(breaker, ['good', 'good', 'good'], 120)).toEqual([true, true, true]);
});

test.each(['bad', 'slow'] as const)('a probe that is %s opens it again', (outcome) => {
  const breaker = new Breaker(OPTIONS);
  passed(breaker, ['bad', 'bad', 'bad', 'bad']);
  breaker.leave(breaker.enter(103)!, outcome, 110);
  expect(breaker.waitMs(110)).toBe(100);
});

test('a probe that tells nothing makes place for another', () => {
  const breaker = new Breaker({ ...OPTIONS, probes: 1 });
  passed(breaker, ['bad', 'bad', 'bad', 'bad']);
  breaker.leave(breaker.enter(103)!, 'none', 104);
  expect(breaker.enter(104)).toBeDefined();
});

test('probes that never end do not keep it shut', () => {
  const breaker = new Breaker({ ...OPTIONS, probes: 1 });
  passed(breaker, ['bad', 'bad', 'bad', 'bad']);
  expect(breaker.enter(103)).toBeDefined();
  expect(breaker.enter(202)).toBeUndefined();
  expect(breaker.enter(203)).toBeDefined();
});

test('what left before it opened says nothing of the time after', () => {
  const breaker = new Breaker({ ...OPTIONS, probes: 1 });
  const early = breaker.enter(0)!;
  passed(breaker, ['bad', 'bad', 'bad', 'bad']);
  const probe = breaker.enter(200)!;
  breaker.leave(early, 'bad', 201);
  breaker.leave(probe, 'good', 202);
  expect(breaker.waitMs(202)).toBe(0);
});

test('however calls end, one that is let through is never made while another may still be waited for', () => {
  const step = fc.record({ outcome: fc.constantFrom<Outcome>('good', 'slow', 'bad', 'none'), afterMs: fc.nat(60) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const breaker = new Breaker(OPTIONS);
      let nowMs = 0;
      for (const { outcome, afterMs } of steps) {
        nowMs += afterMs;
        const waitMs = breaker.waitMs(nowMs);
        const ticket = breaker.enter(nowMs);
        expect(ticket === undefined).toBe(waitMs > 0);
        expect(waitMs).toBeLessThanOrEqual(OPTIONS.openMs);
        if (ticket !== undefined) breaker.leave(ticket, outcome, nowMs);
      }
      // And it always comes back.
      expect(breaker.waitMs(nowMs + OPTIONS.openMs)).toBe(0);
    }),
  );
});

const writer = tool('writer', { input: z.any(), output: z.any(), breaker: { ...OPTIONS, slowMs: 50 } });
const agent = graph('agent', { input: z.any(), retry: { attempts: 1 } })
  .node('answer', { call: writer, input: ({ input }) => input })
  .output(({ answer }) => answer);

const failing = (kind: CallErrorKind) => () => ({ error: new CallError(kind, kind) });

test('a call that it does not let through fails at once, and says when to come again', async () => {
  const world = new World(failing('retryable'), 0.5, callPolicies());
  for (let i = 0; i < 4; i++) await world.run(agent);
  const { error, record } = await world.run(agent);
  expect(error).toMatchObject({
    kind: 'retryable',
    message: 'answer: component "writer" is left alone after too many failures',
    cause: { retryAfterMs: 100 },
  });
  expect(record.nodes.answer!.calls[0]!.attempts).toBe(0);
  expect(world.tries).toHaveLength(4);
});

test('errors of the caller, throttling, copies on their way and runs that give up never open it', async () => {
  const kinds = fc.constantFrom<CallErrorKind | 'gives up' | 'unusable'>(
    'invalid',
    'failed',
    'throttled',
    'not-ready',
    'gives up',
    'unusable',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { minLength: 8, maxLength: 40 }), async (ends) => {
      let call = 0;
      const checked = tool('writer', { input: z.any(), output: z.string(), breaker: OPTIONS });
      const strict = graph('agent', { input: z.any(), retry: { attempts: 1 } })
        .node('answer', { call: checked, input: () => 0 })
        .output(({ answer }) => answer);
      const world = new World(
        () => {
          const end = ends[call++ % ends.length]!;
          if (end === 'gives up') return { afterMs: Infinity };
          return end === 'unusable' ? { output: 0 } : { error: new CallError(end, end) };
        },
        0.5,
        callPolicies(),
      );
      for (const _ of ends) await world.run(strict, {}, { deadlineMs: 40 });
      const before = world.tries.length;
      await world.run(strict, {}, { deadlineMs: 40 });
      expect(world.tries.length).toBeGreaterThan(before);
    }),
    { numRuns: 40 },
  );
});

test('a backend that hangs until its callers give up is slow', async () => {
  const world = new World(() => ({ afterMs: Infinity }), 0.5, callPolicies());
  for (let i = 0; i < 4; i++) await world.run(agent, {}, { deadlineMs: 60 });
  expect((await world.run(agent, {}, { deadlineMs: 60 })).error?.message).toMatch(/left alone/);
});

describe('a stream whose reader hangs up', () => {
  const policies = { ...RECOMMENDED_POLICIES, hedge: undefined };
  const told = graph('agent', { input: z.any(), retry: { attempts: 1 } })
    .node('answer', { call: model('writer', policies), input: () => 'Hi', stream: true })
    .output(({ answer }) => answer);

  /** Whether the next call is let through after readers have gone, of a model that falls silent after some seconds. */
  async function isLetThrough(goneAfterMs: number, silentAfterMs: number): Promise<boolean> {
    const parts = Array.from({ length: silentAfterMs / 100 }, (_, i) => ({ afterMs: 100 * (i + 1), text: 'a' }));
    const world = new World(() => ({ afterMs: Infinity, parts }), 0.5, callPolicies());
    const runs = Array.from({ length: 12 }, () => {
      const reader = new AbortController();
      world.clock.setTimer(() => reader.abort(), goneAfterMs);
      return world.start(told, {}, { signal: reader.signal, onEvent: () => {} });
    });
    await world.clock.until(Promise.all(runs));
    await world.run(told, {}, { onEvent: () => {}, deadlineMs: 1_000 });
    return world.tries.length > runs.length;
  }

  test('says nothing of its backend as long as that goes on telling', async () => {
    expect(await isLetThrough(30_000, 40_000)).toBe(true);
    expect(await isLetThrough(30_000, 25_000)).toBe(true);
  });

  test('is slow if it had long been silent', async () => {
    expect(await isLetThrough(30_000, 15_000)).toBe(false);
  });
});

describe('the recommended breaker', () => {
  /** One, so that all agents share its breaker. */
  const recommended = model('writer', { output: z.any(), ...RECOMMENDED_POLICIES });
  const agentOf = (options: object = {}) =>
    graph('agent', { input: z.any(), retry: { attempts: 1 }, ...options })
      .node('answer', { call: recommended, input: () => 'Hi' })
      .output(({ answer }) => answer);

  /** A backend that answers after a while, until it hangs. */
  const worldOf = (answersMs: number) => {
    const backend = { hangs: false };
    const world = new World(() => ({ afterMs: backend.hangs ? Infinity : answersMs, output: 0 }), 0.5, callPolicies());
    return { backend, world };
  };

  test.each([
    ['the time of the node', { timeout: { nodeMs: 4_000 } }, {}],
    ['the deadline of the run', {}, { deadlineMs: 4_000 }],
  ])('opens on a backend that hangs until %s is over, and so does a probe that hangs', async (_, options, run) => {
    const { backend, world } = worldOf(900);
    const hasty = agentOf(options);
    for (let i = 0; i < 25; i++) await world.run(hasty, {}, run);
    backend.hangs = true;
    const during = () => Promise.all(Array.from({ length: 110 }, () => world.start(hasty, {}, run)));
    await world.clock.until(during());
    const { error } = await world.run(hasty, {}, run);
    expect(error?.message).toMatch(/left alone/);

    await world.clock.advance(5_000);
    const probe = await world.run(hasty, {}, run);
    expect(probe.error?.message).not.toMatch(/left alone/);
    expect((await world.run(hasty, {}, run)).error?.message).toMatch(/left alone/);
  });

  test('opens on a backend that hangs from the start', async () => {
    const { backend, world } = worldOf(0);
    backend.hangs = true;
    const agent = agentOf();
    const runs = Array.from({ length: 10 }, () => world.start(agent, {}, { deadlineMs: 12_000 }));
    await world.clock.until(Promise.all(runs));
    expect((await world.run(agent, {}, { deadlineMs: 12_000 })).error?.message).toMatch(/left alone/);
  });

  test.each([
    ['hang until their run gives up after 11 s', { afterMs: Infinity }, 11_000],
    ['fail after 4 s', { afterMs: 4_000, error: new CallError('retryable', 'HTTP 503') }, 29_000],
    ['are cut off after 3.4 s', { afterMs: 3_400, error: new CallError('retryable', 'reset') }, 29_000],
  ])('opens where calls come one at a time and %s', async (_, reply, deadlineMs) => {
    const world = new World(() => reply, 0.5, callPolicies());
    const agent = agentOf();
    for (let i = 0; i < 5; i++) await world.run(agent, {}, { deadlineMs });
    expect(world.tries).toHaveLength(5);
    expect((await world.run(agent, {}, { deadlineMs })).error?.message).toMatch(/left alone/);
  });

  test.each([
    ['nothing is known of it', 0, 8_000],
    ['it mostly took longer than a third of that', 3_000, 4_000],
  ])('opens on a backend that hangs for all the time of its node where %s', async (_, answersMs, nodeMs) => {
    const { backend, world } = worldOf(answersMs);
    const agent = agentOf({ timeout: { nodeMs } });
    for (let i = 0; i < (answersMs > 0 ? 25 : 0); i++) await world.run(agent);
    backend.hangs = true;
    for (let i = 0; i < 5; i++) {
      // Longer than the window, so that it is the row that tells.
      await world.clock.advance(30_000);
      expect((await world.run(agent)).error?.message).not.toMatch(/left alone/);
    }
    expect((await world.run(agent)).error?.message).toMatch(/left alone/);
  });

  test.each([
    ['the deadline of its runs cut it short', 0, 8_000, 6_000],
    ['its nodes have a second', 0, 1_000, 60_000],
    ['it mostly takes longer than its nodes have', 3_000, 2_000, 60_000],
  ])('stays closed though a backend hangs if %s', async (_, answersMs, nodeMs, deadlineMs) => {
    const { backend, world } = worldOf(answersMs);
    for (let i = 0; i < (answersMs > 0 ? 25 : 0); i++) await world.run(agentOf());
    backend.hangs = true;
    const hasty = agentOf({ timeout: { nodeMs } });
    for (let i = 0; i < 12; i++) await world.run(hasty, {}, { deadlineMs });
    expect((await world.run(hasty, {}, { deadlineMs })).error?.message).not.toMatch(/left alone/);
  });

  test('stays closed after a few faults at once, as of the items of a map', async () => {
    const world = new World(() => ({ afterMs: 100, error: new CallError('retryable', 'reset') }), 0.5, callPolicies());
    const agent = agentOf();
    await world.clock.until(Promise.all(Array.from({ length: 9 }, () => world.start(agent))));
    expect((await world.run(agent)).error?.message).not.toMatch(/left alone/);
  });

  test('stays closed as long as one of five calls brings an answer', async () => {
    let tries = 0;
    const world = new World(
      () => ({ afterMs: 4_000, ...(tries++ % 5 === 4 ? {} : { error: new CallError('retryable', 'HTTP 503') }) }),
      0.5,
      callPolicies(),
    );
    for (let i = 0; i < 50; i++) await world.run(agentOf());
    expect(world.tries).toHaveLength(50);
  });

  test.each([
    ['give up sooner than three times what calls mostly take', 900, 2_600],
    ['give up within a second', 1, 950],
  ])('stays closed for callers that %s', async (_, answersMs, deadlineMs) => {
    const { backend, world } = worldOf(answersMs);
    const agent = agentOf();
    for (let i = 0; i < 25; i++) await world.run(agent);
    backend.hangs = true;
    await world.clock.until(Promise.all(Array.from({ length: 110 }, () => world.start(agent, {}, { deadlineMs }))));
    expect((await world.run(agent, {}, { deadlineMs })).error?.message).not.toMatch(/left alone/);
  });
});
