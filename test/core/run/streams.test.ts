import { type ChatAnswer, graph, model, streamOf, tool } from 'cdk-compound-inference/graph';
import { type Call, CallError, type RunEvent } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { criticalSpans } from '../../../core/run/critical-spans';
import { callPolicies } from '../../../core/run/policies';
import { warmWorld } from './support/warm-world';
import { anyTool, type Reply, World } from './support/world';

const writer = model('writer');
const speech = tool('speech', { input: z.string(), output: z.string() });
const start = graph('agent', { input: z.any(), retry: { attempts: 2, baseMs: 1 } });
const draft = start.node('draft', { call: writer, input: () => 'Write.', stream: true });

/** Parts at 10, 20, 30 ... ms, and the whole text with the last of them. */
function saying(parts: readonly string[], afterMs = 10 * parts.length): Reply {
  const output: ChatAnswer = { text: parts.join(''), finishReason: 'stop' };
  return { afterMs, output, parts: parts.map((text, i) => ({ text, afterMs: 10 * (i + 1) })) };
}

async function tell(world: World, agent: Parameters<World['run']>[0]) {
  const events: (RunEvent & { readonly atMs: number })[] = [];
  const outcome = await world.run(
    agent,
    {},
    { onEvent: (event) => events.push({ ...event, atMs: world.clock.now() }) },
  );
  const texts = events.flatMap((event) => (event.type === 'text' ? [event] : []));
  return { ...outcome, events, texts, heard: texts.map(({ text }) => text).join('') };
}

/** Sentences of a text, each as soon as its end has come. */
async function* sentences({ draft: parts }: { readonly draft: AsyncIterable<string> }) {
  let rest = '';
  for await (const part of parts) {
    const ended = (rest + part).split(/(?<=\.)/);
    rest = ended.pop()!;
    yield* ended;
    if (rest.endsWith('.')) {
      yield rest;
      rest = '';
    }
  }
  if (rest) yield rest;
}

describe('the caller of a run', () => {
  const agent = draft.output(({ draft: { text } }) => text);

  test('gets the parts of a text while it is written', async () => {
    const { output, texts } = await tell(new World(() => saying(['Hel', 'lo ', 'you'])), agent);
    expect(output).toBe('Hello you');
    expect(texts).toEqual([
      { type: 'text', node: 'draft', text: 'Hel', atMs: 10 },
      { type: 'text', node: 'draft', text: 'lo ', atMs: 20 },
      { type: 'text', node: 'draft', text: 'you', atMs: 30 },
    ]);
  });

  test('gets the text of a backend that does not stream in one part', async () => {
    const output = { text: 'Hello', finishReason: 'stop' };
    expect((await tell(new World(() => ({ afterMs: 40, output })), agent)).texts).toEqual([
      { type: 'text', node: 'draft', text: 'Hello', atMs: 40 },
    ]);
  });

  test('who does not listen makes no backend stream', async () => {
    const calls: Call[] = [];
    const world = new World((call) => {
      calls.push(call);
      return saying(['Hello']);
    });
    await world.run(agent);
    expect(calls[0]).not.toHaveProperty('onText');
  });

  test('hears when nodes start, wait for a copy and end', async () => {
    const world = new World(({ attempt }) =>
      attempt === 1 ? { error: new CallError('not-ready', 'no copy', { retryAfterMs: 5 }) } : saying(['Hi']),
    );
    const { events } = await tell(world, agent);
    expect(events.map(({ type }) => type)).toEqual(['node.started', 'node.waiting', 'text', 'node.finished']);
    expect(events[1]).toMatchObject({ node: 'draft', component: 'writer', atMs: 0 });
    expect(events.at(-1)).toMatchObject({ node: 'draft', status: 'succeeded', startMs: 0, endMs: world.clock.now() });
  });

  test('gets only what comes out of a filter, and not what goes in', async () => {
    const filtered = draft
      .compute('safe', [streamOf('draft')], ({ draft: parts }) => masked(parts), { stream: true })
      .output(['safe'], ({ safe }) => safe.join(''));
    async function* masked(parts: AsyncIterable<string>) {
      for await (const part of parts) yield part.replaceAll(/\d/g, '*');
    }
    const { texts, output } = await tell(new World(() => saying(['Pin ', '1234', '.'])), filtered);
    expect(texts.map(({ node, text, atMs }) => [node, text, atMs])).toEqual([
      ['safe', 'Pin ', 10],
      ['safe', '****', 20],
      ['safe', '.', 30],
    ]);
    expect(output).toBe('Pin ****.');
  });

  test('ends the run with a listener that throws, and be it at the last event', async () => {
    const last = ({ type }: RunEvent) => {
      if (type === 'node.finished') throw new Error('too late');
    };
    const { error } = await new World(() => saying(['Hi'])).run(agent, {}, { onEvent: last });
    expect(error).toMatchObject({ kind: 'failed', at: 'onEvent' });
  });

  test('ends the run with a listener that throws', async () => {
    const onEvent = ({ type }: RunEvent) => {
      if (type === 'text') throw new Error('the line is gone');
    };
    const world = new World(() => saying(['Hel', 'lo']));
    const { error } = await world.run(agent, {}, { onEvent });
    expect(error).toMatchObject({ kind: 'failed', at: 'onEvent', message: 'onEvent: the line is gone' });
    expect(world.tries[0]).toMatchObject({ abortMs: 10 });
    expect(world.engineTimers).toBe(0);
  });
});

test('a listener that rejects ends the run, as one that throws', async () => {
  // What returns a promise may be given where nothing is asked for.
  const onEvent: (event: RunEvent) => unknown = ({ type }) =>
    type === 'text' ? Promise.reject(new Error('the line is gone')) : undefined;
  const world = new World(() => saying(['Hel', 'lo']));
  const { error } = await world.run(
    draft.output(() => 0),
    {},
    { onEvent },
  );
  expect(error).toMatchObject({ kind: 'failed', at: 'onEvent', message: 'onEvent: the line is gone' });
  expect(world.tries[0]).toMatchObject({ abortMs: 10 });
});

test('a node whose start a listener does not bear is not begun: no call of it is sent', async () => {
  const onEvent = () => {
    throw new Error('the line is gone');
  };
  const world = new World(() => saying(['Hi']));
  const { error, record } = await world.run(
    draft.output(() => 0),
    {},
    { onEvent },
  );
  expect(error).toMatchObject({ kind: 'failed', at: 'onEvent' });
  expect({ tries: world.tries, status: record.nodes.draft!.status }).toEqual({ tries: [], status: 'cancelled' });
});

describe('a node that reads another', () => {
  test('works on each part as it comes, and hands on what it makes of it', async () => {
    const agent = draft
      .compute('sentences', [streamOf('draft')], sentences, { stream: true })
      .map('spoken', [streamOf('sentences')], {
        over: ({ sentences: each }) => each,
        call: speech,
        input: (sentence) => sentence,
      })
      .output(['spoken'], ({ spoken }) => spoken);
    const world = new World(({ component, input }) =>
      component === writer
        ? saying(['One. Tw', 'o. ', 'Three'])
        : { afterMs: 7, output: `<${(input as string).trim()}>` },
    );
    const { output, record } = await world.run(agent);
    expect(output).toEqual(['<One.>', '<Two.>', '<Three>']);
    expect(world.triesOf('speech').map(({ startMs }) => startMs)).toEqual([10, 20, 30]);
    expect(record.wallMs).toBe(37);
    expect(record.nodes.sentences).toMatchObject({ startMs: 0, endMs: 30 });
    expect(record.criticalPath).toEqual(['draft', 'sentences', 'spoken']);
    expect(record.overheadMs).toBe(0);
    expect(record.nodes.sentences!.reads).toEqual(['draft']);
    expect([...criticalSpans(record.criticalPath, record.nodes)]).toEqual([
      ['draft', { fromMs: 0, toMs: 30 }],
      ['sentences', { fromMs: 30, toMs: 30 }],
      ['spoken', { fromMs: 30, toMs: 37 }],
    ]);
  });

  test('waits for its other needs, and then reads from the beginning', async () => {
    const agent = draft
      .node('voice', { call: speech, input: () => 'which?' })
      .compute('both', [streamOf('draft'), 'voice'], async ({ draft: parts, voice }) => {
        const read: string[] = [];
        for await (const part of parts) read.push(part);
        return [voice, ...read];
      })
      .output(['both', 'draft'], ({ both, draft: { text } }) => [...both, text]);
    const world = new World(({ component }) =>
      component === writer ? saying(['a', 'b', 'c', 'd']) : { afterMs: 25, output: 'alto' },
    );
    // Parts that came while it waited reach it as one.
    expect((await world.run(agent)).output).toEqual(['alto', 'ab', 'c', 'd', 'abcd']);
  });

  test('reads the answers of a map in the order of its items, each as soon as none before it is missing', async () => {
    const agent = start
      .map('said', { over: () => [30, 10, 20], call: speech, input: String, stream: true })
      .compute('heard', [streamOf('said')], async ({ said }) => {
        const heard: unknown[] = [];
        for await (const each of said) heard.push([each, world.clock.now()]);
        return heard;
      })
      .output(['heard'], ({ heard }) => heard);
    const world = new World(({ input }) => ({ afterMs: Number(input), output: String(input) }));
    expect((await world.run(agent)).output).toEqual([
      ['30', 30],
      ['10', 30],
      ['20', 30],
    ]);
  });

  test('takes no more items at once than it may, and fails with the first that fails', async () => {
    const agentOf = (inputOf: (part: string) => string) =>
      draft
        .map('spoken', [streamOf('draft')], {
          over: ({ draft: parts }) => parts,
          call: speech,
          input: inputOf,
          concurrency: 2,
        })
        .output(['spoken'], ({ spoken }) => spoken);
    const worldOf = () =>
      new World(({ component, input }) => {
        if (component === writer) return saying(['a', 'b', 'c', 'd', 'e']);
        return input === 'bad' ? { error: new CallError('failed', 'no') } : { afterMs: 45, output: input };
      });
    const good = worldOf();
    // What came while both places were taken reaches it as one.
    expect((await good.run(agentOf((part) => part))).output).toEqual(['a', 'b', 'cde']);
    expect(Math.max(...good.triesOf('speech').map(({ inFlight }) => inFlight))).toBe(2);

    const bad = worldOf();
    const { error, record } = await bad.run(agentOf((part) => (part === 'b' ? 'bad' : part)));
    expect(error).toMatchObject({ kind: 'failed', at: 'spoken[1]' });
    expect(record.nodes.spoken!.endMs).toBe(20);
    expect(bad.triesOf('speech')[0]).toMatchObject({ abortMs: 20 });
  });

  test('that has enough leaves the rest unread, and the run still has the whole', async () => {
    const agent = draft
      .compute('first', [streamOf('draft')], async ({ draft: parts }) => {
        for await (const part of parts) return part;
        return '';
      })
      .output(['first', 'draft'], ({ first, draft: { text } }) => [first, text]);
    expect((await new World(() => saying(['a', 'b', 'c'])).run(agent)).output).toEqual(['a', 'abc']);
  });

  test('can read a stream only once', async () => {
    const agent = draft
      .compute('twice', [streamOf('draft')], async ({ draft: parts }) => {
        for await (const _ of parts);
        for await (const _ of parts);
      })
      .output(['twice'], () => 0);
    const { error } = await new World(() => saying(['a'])).run(agent);
    expect(error).toMatchObject({ at: 'twice', message: expect.stringMatching(/can be read once/) });
  });

  test('of one that was skipped reads nothing, or what stands in for it', async () => {
    const skipped = { call: writer, input: () => 'Write.', stream: true, when: () => false } as const;
    const nothing = { text: 'nothing to say', finishReason: 'stop' };
    const agentOf = (draft: any) =>
      start
        .node('draft', draft as typeof skipped)
        .compute('read', [streamOf('draft')], async ({ draft: parts }) => {
          const read: string[] = [];
          for await (const part of parts) read.push(part);
          return read;
        })
        .output(['read'], ({ read }) => read);
    expect((await new World().run(agentOf(skipped))).output).toEqual([]);
    expect((await new World().run(agentOf({ ...skipped, default: nothing }))).output).toEqual(['nothing to say']);
  });
});

describe('a text that breaks off', () => {
  const broken: Reply = { ...saying(['Hel', 'lo']), afterMs: 15, error: new CallError('throttled', 'too many tokens') };

  test('is tried again as long as nothing of it was passed on', async () => {
    const world = new World(({ attempt }) =>
      attempt === 1 ? { afterMs: 5, error: new CallError('retryable', 'reset') } : saying(['Hello']),
    );
    const { heard, record } = await tell(
      world,
      draft.output(({ draft: { text } }) => text),
    );
    expect(heard).toBe('Hello');
    expect(record.nodes.draft!.calls[0]!.attempts).toBe(2);
  });

  test('is not tried again afterwards: nothing can be taken back', async () => {
    const world = new World(() => broken);
    const { heard, error } = await tell(
      world,
      draft.output(({ draft: { text } }) => text),
    );
    expect(heard).toBe('Hel');
    expect(world.tries).toHaveLength(1);
    expect(error).toMatchObject({ kind: 'failed', at: 'draft', message: expect.stringMatching(/had been passed on/) });
  });

  test('fails who reads it, unless that can do with less', async () => {
    const agentOf = (isForgiving: boolean) =>
      start
        .node('draft', { call: writer, input: () => 'Write.', stream: true })
        .compute('read', [streamOf('draft')], async ({ draft: parts }) => {
          let read = '';
          try {
            for await (const part of parts) read += part;
          } catch (error) {
            if (!isForgiving) throw error;
          }
          return read;
        })
        .output(['read'], ({ read }) => read);
    expect((await new World(() => broken).run(agentOf(false))).error).toMatchObject({ kind: 'failed', at: 'draft' });
    expect((await new World(() => broken).run(agentOf(true))).output).toBe('Hel');
  });

  test('stops who has not started to read', async () => {
    const agent = draft
      .node('slow', { call: speech, input: () => 'x' })
      .compute('read', [streamOf('draft'), 'slow'], () => 0)
      .output(['read'], ({ read }) => read);
    const world = new World(({ component }) => (component === writer ? broken : { afterMs: 50, output: '' }));
    expect((await world.run(agent)).record.nodes.read).toMatchObject({ status: 'stopped', endMs: 15 });
  });

  test('ends in time where a model falls silent, and lets go of whoever reads it', async () => {
    const freed: string[] = [];
    const agent = start
      .node('draft', { call: writer, input: () => 'Write.', stream: true, timeout: { nodeMs: 40 } })
      .compute('read', [streamOf('draft')], async ({ draft: parts }) => {
        try {
          for await (const part of parts) freed.push(part);
        } finally {
          freed.push('left');
        }
      })
      .output(['read'], () => 0);
    const world = new World(() => ({ ...saying(['a']), afterMs: Infinity }));
    expect((await world.run(agent)).error).toMatchObject({ kind: 'timed-out', at: 'draft' });
    expect(freed).toEqual(['a', 'left']);
    expect(world.engineTimers).toBe(0);
  });

  test('lets go of its reader also when the run is cancelled', async () => {
    const controller = new AbortController();
    let left = false;
    const agent = draft
      .compute(
        'read',
        [streamOf('draft')],
        async function* ({ draft: parts }) {
          try {
            for await (const part of parts) yield part;
          } finally {
            left = true;
          }
        },
        { stream: true },
      )
      .output(['read'], () => 0);
    const world = new World(() => ({ ...saying(['a']), afterMs: Infinity }));
    world.clock.setTimer(() => controller.abort(), 25);
    expect((await world.run(agent, {}, { signal: controller.signal })).error).toMatchObject({ kind: 'cancelled' });
    await world.clock.advance(1);
    expect(left).toBe(true);
  });
});

describe('a text that breaks off where something stands in for it', () => {
  const agentOf = (options: object) =>
    start
      .node('draft', { call: writer, input: () => 'Write.', stream: true, ...(options as { optional: true }) })
      .compute('read', [streamOf('draft')], async ({ draft: parts }) => {
        const read: string[] = [];
        try {
          for await (const part of parts) read.push(part);
        } catch (error) {
          read.push(`<${(error as CallError).kind}>`);
        }
        return read;
      })
      .output(['read', 'draft'], ({ read, draft: answer }) => [...read, answer?.text]);
  const later = new CallError('failed', 'gone');
  const default_ = { text: 'Sorry.', finishReason: 'stop' };

  test('tells who reads it: half a text must not pass for the whole', async () => {
    const world = () => new World(() => ({ ...saying(['Do ', 'NOT ', 'x']), afterMs: 25, error: later }));
    expect((await world().run(agentOf({ optional: true }))).output).toEqual(['Do ', 'NOT ', '<failed>', undefined]);
    expect((await world().run(agentOf({ default: default_ }))).output).toEqual(['Do ', 'NOT ', '<failed>', 'Sorry.']);
  });

  test('is replaced where nothing of it was passed on', async () => {
    const world = () => new World(() => ({ afterMs: 25, error: later }));
    expect((await world().run(agentOf({ optional: true }))).output).toEqual([undefined]);
    expect((await world().run(agentOf({ default: default_ }))).output).toEqual(['Sorry.', 'Sorry.']);
  });
});

describe('a map over a stream', () => {
  const late = (options: object) =>
    draft
      .map('spoken', [streamOf('draft')], {
        over: ({ draft: parts }) => parts,
        call: speech,
        input: (part) => part,
        ...options,
      })
      .output(['spoken', 'draft'], ({ spoken }) => spoken);

  test('ends when its time is up, whatever it waits for', async () => {
    const slow = { ...saying([]), afterMs: 5_000, output: { text: 'x', finishReason: 'stop' } };
    const { record } = await new World(() => slow).run(late({ timeout: { nodeMs: 100 } }));
    expect(record.nodes.spoken).toMatchObject({ status: 'failed', endMs: 100, error: { kind: 'timed-out' } });
  });

  test('tells who brings the items when it takes no more of them', async () => {
    const freed: string[] = [];
    async function* endless(world: World) {
      try {
        for (let i = 0; ; i++) {
          await new Promise<void>((resolve) => world.clock.setTimer(resolve, 100));
          yield `${i}`;
        }
      } finally {
        freed.push(`at ${world.clock.now()}`);
      }
    }
    const world: World = new World(() => ({ afterMs: 10, output: 'ok' }));
    const agent = start
      .map('each', { over: () => endless(world), call: speech, input: (item) => item, optional: true })
      .output(['each'], ({ each }) => each);
    const controller = new AbortController();
    world.clock.setTimer(() => controller.abort(), 1_050);
    await world.run(agent, {}, { signal: controller.signal });
    await world.clock.advance(500);
    expect(freed).toEqual(['at 1100']);
    expect(world.tries.length).toBe(10);
  });
});

test('what is learned of a reader counts from the end of what it reads: it is not ended sooner for that', async () => {
  const agent = start
    .node('draft', { call: writer, input: () => 'Write.', stream: true })
    .compute(
      'read',
      [streamOf('draft')],
      async ({ draft: parts }) => {
        let read = '';
        for await (const part of parts) read += part;
        return read;
      },
      { optional: true },
    )
    .node('after', ['read'], { call: speech, input: () => 'x' })
    .output(['after', 'read'], ({ read }) => read);
  const world = new World(({ component }) =>
    component === writer ? saying(['a', 'b'], 8_000) : { afterMs: 8_000, output: 'ok' },
  );
  for (let run = 0; run < 4; run++) {
    expect((await world.run(agent, {}, { deadlineMs: 20_000 })).output).toBe('ab');
  }
});

describe('with call policies', () => {
  const spilling = { type: 'spillover' as const, alternatives: [{}, {}] as never, when: {} };

  test('of two tries the first that tells anything goes on, and the other is taken back', async () => {
    const hedging = model('writer', { hedge: { afterMs: 5, budget: 1 } });
    const agent = start
      .node('draft', { call: hedging, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    const world = await warmWorld(
      agent,
      ({ attempt }) => (attempt === 1 ? saying(['a', 'b', 'c', 'd']) : { ...saying(['x', 'y']), afterMs: 21 }),
      { text: 'warm', finishReason: 'stop' },
    );
    const { output, heard } = await tell(world, agent);
    expect([output, heard]).toEqual(['abcd', 'abcd']);
    expect(world.tries.map(({ abortMs }) => abortMs)).toEqual([undefined, 10]);
  });

  test('a hedge goes by the first part of a text, not by the whole', async () => {
    const hedging = model('writer', { hedge: { budget: 1 } });
    const agent = start
      .node('draft', { call: hedging, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    let firstPartMs = 10;
    const world = await warmWorld(
      agent,
      () => ({ ...saying(['a']), afterMs: 10_000, parts: [{ afterMs: firstPartMs, text: 'a' }] }),
      { text: 'warm', finishReason: 'stop' },
    );
    for (let run = 0; run < 20; run++) await tell(world, agent);
    expect(world.tries).toHaveLength(20);
    firstPartMs = 9_000;
    await tell(world, agent);
    expect(world.tries).toHaveLength(22);
    expect(world.tries[21]!.startMs - world.tries[20]!.startMs).toBe(10);
  });

  test('who reads shares no try with who does not', async () => {
    const shared = model('writer', { singleFlight: true });
    const agent = start
      .node('draft', { call: shared, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    const world = new World(() => saying(['a', 'b', 'c']), 0.5, callPolicies());
    const heard: number[] = [];
    const unread = world.start(agent, {});
    const read = world.start(agent, {}, { onEvent: ({ type }) => type === 'text' && heard.push(world.clock.now()) });
    await world.clock.until(Promise.all([unread, read]));
    expect(heard).toEqual([10, 20, 30]);
  });

  test('a try that goes on after it has lost is not heard', async () => {
    const hedging = model('writer', { hedge: { afterMs: 5, budget: 1 } });
    const agent = start
      .node('draft', { call: hedging, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    const world = await warmWorld(
      agent,
      ({ attempt }) => (attempt === 1 ? { ...saying(['a', 'b']), ignoresAbort: true } : saying(['x', 'y'], 8)),
      { text: 'warm', finishReason: 'stop' },
    );
    const { heard, output } = await tell(world, agent);
    expect(heard).toBe(output);
  });

  test('the next backend is asked only before a text has begun', async () => {
    const policies = () => callPolicies({ spilloverOf: () => spilling });
    const agent = draft.output(({ draft: { text } }) => text);
    const throttled = new CallError('throttled', 'later');
    const early = new World(
      ({ alternative }) => (alternative === 0 ? { afterMs: 5, error: throttled } : saying(['Hello'])),
      0.5,
      policies(),
    );
    expect((await tell(early, agent)).heard).toBe('Hello');
    const late = new World(() => ({ ...saying(['Hel', 'lo']), afterMs: 15, error: throttled }), 0.5, policies());
    const { heard, error } = await tell(late, agent);
    expect(heard).toBe('Hel');
    expect(error).toMatchObject({ kind: 'failed' });
    expect(late.tries).toHaveLength(1);
  });

  test('calls that share a try all hear it, who comes late from the beginning', async () => {
    const shared = model('writer', { singleFlight: true });
    const agent = start
      .node('draft', { call: shared, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    const world = new World(() => saying(['a', 'b', 'c', 'd']), 0.5, callPolicies());
    const heard: [number, string, number][] = [];
    const listen = (run: number) => (event: RunEvent) => {
      if (event.type === 'text') heard.push([run, event.text, world.clock.now()]);
    };
    const first = world.start(agent, {}, { onEvent: listen(1) });
    const second = new Promise<{ output?: unknown }>((resolve) => {
      world.clock.setTimer(() => void world.start(agent, {}, { onEvent: listen(2) }).then(resolve), 25);
    });
    const outputs = await world.clock.until(Promise.all([first, second]));
    expect(outputs.map(({ output }) => output)).toEqual(['abcd', 'abcd']);
    expect(world.tries).toHaveLength(1);
    expect(heard.filter(([run]) => run === 2)).toEqual([
      [2, 'ab', 25],
      [2, 'c', 30],
      [2, 'd', 40],
    ]);
  });

  test('an answer from the cache comes in one part', async () => {
    const cached = model('writer', { cache: { forMs: 1000 } });
    const agent = start
      .node('draft', { call: cached, input: () => 'Write.', stream: true })
      .output(({ draft: { text } }) => text);
    const world = new World(() => saying(['a', 'b']), 0.5, callPolicies());
    await tell(world, agent);
    expect((await tell(world, agent)).texts.map(({ text }) => text)).toEqual(['ab']);
    expect(world.tries).toHaveLength(1);
  });
});

describe('a node that nothing needs once its readers have ended', () => {
  const words = (count: number) => saying(Array.from({ length: count }, (_, i) => `w${i} `));
  const first = async ({ draft: parts }: { readonly draft: AsyncIterable<string> }) => {
    for await (const part of parts) return part;
    return '';
  };

  test('is ended with the last of them, and the run with it', async () => {
    const agent = draft
      .compute('first', [streamOf('draft')], first)
      .compute('two', [streamOf('draft')], async ({ draft: parts }) => {
        const read: string[] = [];
        for await (const part of parts) if (read.push(part) === 2) break;
        return read;
      })
      .output(['first', 'two'], ({ first, two }) => [first, two]);
    const world = new World(() => words(50));
    const { output, record } = await world.run(agent);
    expect(output).toEqual(['w0 ', ['w0 ', 'w1 ']]);
    expect(world.tries).toMatchObject([{ abortMs: 20 }]);
    expect(record).toMatchObject({ wallMs: 20, nodes: { draft: { status: 'lost', endMs: 20, lostTo: 'two' } } });
    expect(record.overheadMs).toBe(0);
    expect(world.engineTimers).toBe(0);
  });

  test('takes with it what only it reads', async () => {
    const agent = draft
      .compute('sentences', [streamOf('draft')], sentences, { stream: true })
      .compute('first', [streamOf('sentences')], async ({ sentences: each }) => {
        for await (const sentence of each) return sentence;
        return '';
      })
      .output(['first'], ({ first }) => first);
    const world = new World(() => saying(['One.', ' Two.', ' Three.', ' Four.']));
    const { output, record } = await world.run(agent);
    expect(output).toBe('One.');
    expect(record.nodes).toMatchObject({ draft: { status: 'lost' }, sentences: { status: 'lost', lostTo: 'first' } });
    expect(world.tries).toMatchObject([{ abortMs: 10 }]);
  });

  test('is ended as well if they fail or are skipped', async () => {
    const failing = draft
      .compute('first', [streamOf('draft')], async ({ draft: parts }) => {
        for await (const part of parts) throw new Error(part);
      })
      .output(['first'], () => 0);
    const broken = await new World(() => words(50)).run(failing);
    expect(broken.error).toMatchObject({ at: 'first' });
    expect(broken.record.wallMs).toBe(10);

    const skipping = draft
      .compute('first', [streamOf('draft')], first, { when: () => false })
      .output(['first'], ({ first }) => first);
    const { record } = await new World(() => words(50)).run(skipping);
    expect(record).toMatchObject({ wallMs: 0, nodes: { draft: { status: 'lost', lostTo: 'first' } } });
  });

  test('is ended as soon as the failure of its reader stops who else needs it', async () => {
    const agent = draft
      .compute('first', [streamOf('draft')], async ({ draft: parts }) => {
        for await (const part of parts) throw new Error(part);
      })
      .compute('both', ['draft', 'first'], () => 1)
      .output(['both'], ({ both }) => both);
    const { error, record } = await new World(() => words(50)).run(agent);
    expect(error).toMatchObject({ at: 'first' });
    expect(record).toMatchObject({ wallMs: 10, nodes: { draft: { status: 'lost', endMs: 10, lostTo: 'both' } } });
  });

  test('is ended as well if its reader is stopped, or who needs it after that', async () => {
    const failing = draft.node('other', { call: anyTool('other'), input: () => 1 });
    const replies = ({ component }: Call) =>
      component === writer ? words(50) : { afterMs: 30, error: new CallError('failed', 'no') };

    const stopped = failing
      .compute('reader', [streamOf('draft'), 'other'], () => 1, { default: 7 })
      .output(['reader'], ({ reader }) => reader);
    const reader = await new World(replies).run(stopped);
    expect(reader.output).toBe(7);
    expect(reader.record).toMatchObject({ wallMs: 30, nodes: { draft: { status: 'lost', lostTo: 'reader' } } });

    const later = failing
      .compute('first', [streamOf('draft')], first)
      .compute('both', ['draft', 'other'], () => 1, { default: 7 })
      .output(['first', 'both'], ({ both }) => both);
    const both = await new World(replies).run(later);
    expect(both.output).toBe(7);
    expect(both.record).toMatchObject({ wallMs: 30, nodes: { draft: { status: 'lost', lostTo: 'both' } } });
  });

  test('is ended with what reads it, however long the chain', async () => {
    let chain = draft as any;
    const ids = ['draft', ...Array.from({ length: 4000 }, (_, i) => `n${i}`)];
    for (const [i, id] of ids.slice(1).entries()) {
      const read = (values: Record<string, unknown>) => values[ids[i]!];
      chain = chain.compute(id, [streamOf(ids[i]!)], read, { stream: true });
    }
    const read = ({ n3999 }: { readonly n3999: AsyncIterable<string> }) => first({ draft: n3999 });
    const agent = chain.compute('last', [streamOf('n3999')], read).output(['last'], () => 0);
    const { record } = await new World(() => words(50)).run(agent);
    expect(record).toMatchObject({ status: 'succeeded', wallMs: 10 });
  });

  test.each([
    [
      'the output',
      draft.compute('first', [streamOf('draft')], first).output(['first', 'draft'], ({ draft }) => draft.text.length),
    ],
    [
      'a node that waits for its value',
      draft
        .compute('first', [streamOf('draft')], first)
        .compute('length', ['draft'], ({ draft }) => draft.text.length)
        .output(['first', 'length'], ({ length }) => length),
    ],
    [
      'a node that still reads it',
      draft
        .compute('first', [streamOf('draft')], first)
        .compute('whole', [streamOf('draft')], async ({ draft: parts }) => {
          let length = 0;
          for await (const part of parts) length += part.length;
          return length;
        })
        .output(['first', 'whole'], ({ whole }) => whole),
    ],
  ])('goes on for %s', async (_, agent) => {
    const { output, record } = await new World(() => words(4)).run(agent);
    expect(output).toBe(12);
    expect(record.nodes.draft).toMatchObject({ status: 'succeeded', endMs: 40 });
  });

  test('is not ended twice where the run is cut short', async () => {
    const agent = draft.compute('first', [streamOf('draft')], first).output(['first'], ({ first }) => first);
    const { record } = await new World(() => saying([], Infinity)).run(agent, {}, { deadlineMs: 50 });
    expect(record.nodes).toMatchObject({ draft: { status: 'failed' }, first: { status: 'failed' } });
  });
});

test('a join does not end a branch that a node still reads', async () => {
  const agent = draft
    .node('quick', { call: speech, input: () => 'x' })
    .compute('read', [streamOf('draft')], async ({ draft: parts }) => {
      let read = '';
      for await (const part of parts) read += part;
      return read;
    })
    .compute('any', { atLeast: 1, of: ['draft', 'quick'] }, ({ quick }) => quick)
    .output(['any', 'read'], ({ any, read }) => [any, read]);
  const world = new World(({ component }) =>
    component === writer ? saying(['a', 'b', 'c']) : { afterMs: 5, output: 'quick' },
  );
  expect((await world.run(agent)).output).toEqual(['quick', 'abc']);
});

test('however a text is cut and whenever it breaks, what was heard is how the answer begins', async () => {
  const part = fc.string({ maxLength: 3 });
  const attempt = fc.record({ parts: fc.array(part, { maxLength: 4 }), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 3 }), async (attempts) => {
      const agent = start
        .node('draft', { call: writer, input: () => 'Write.', stream: true, retry: { attempts: 3, baseMs: 1 } })
        .output(({ draft: { text } }) => text);
      const world = new World(({ attempt: n }) => {
        const { parts, fails } = attempts[Math.min(n, attempts.length) - 1]!;
        const reply = saying(parts, 10 * parts.length + 5);
        return fails ? { ...reply, error: new CallError('retryable', 'reset') } : reply;
      });
      const { heard, output, error } = await tell(world, agent);
      const firstToTell = attempts.slice(0, world.tries.length).find(({ parts }) => parts.join('') !== '');
      expect(heard).toBe(firstToTell?.parts.join('') ?? '');
      if (error) expect(world.tries.length === 3 || firstToTell?.fails).toBe(true);
      else expect(heard).toBe(output);
      expect(world.engineTimers).toBe(0);
    }),
    { numRuns: 200 },
  );
});
