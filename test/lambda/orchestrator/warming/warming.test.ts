import { z } from 'zod';
import { graph, model } from '../../../../core/graph';
import type { ComponentRecord, WarmerEvent } from '../../../../core/warm';
import { Warming } from '../../../../lambda/orchestrator/warming/warming';
import { componentId } from '../../../../lambda/warm-board/documents';
import { VirtualClock } from '../../../../sim/kernel/virtual-clock';
import { nodeOf, recordOf } from '../../telemetry/record';
import { MemoryBoard } from '../../warm-board/memory-board';

const BEGIN_MS = Date.UTC(2026, 0, 5);
const DEADLINE_MS = 28_000;
const READY_IN_MS = 200_000;

const planner = model('planner');
const writer = model('writer');
const agent = graph('support', { input: z.object({}) })
  .node('plan', { call: planner, input: () => 'Plan.' })
  .node('write', ['plan'], { call: writer, input: () => 'Write.' })
  .output(['write'], ({ write }) => write.text);

const COMPONENTS = { planner: 'sagemaker/planner', writer: 'sagemaker/writer' };

let clock: VirtualClock;
let board: MemoryBoard;
let told: WarmerEvent[];

beforeEach(() => {
  clock = new VirtualClock();
  board = new MemoryBoard();
  told = [];
});

afterEach(() => jest.restoreAllMocks());

const nowMs = () => BEGIN_MS + clock.now();

/** The warming of one process. */
function processOf(parts: Partial<ConstructorParameters<typeof Warming>[1]> = {}): Warming {
  const tell = async (event: WarmerEvent) => void told.push(event);
  const config = { table: 'warm', functionName: 'warmer', components: COMPONENTS };
  return new Warming(config, { board, tell, nowMs, clock, ...parts });
}

async function onBoard(name: keyof typeof COMPONENTS, record: Partial<ComponentRecord>) {
  const value = { observedAtMs: nowMs(), copies: 0, desiredCopies: 0, coldStartMs: 320_000, ...record };
  const id = componentId(COMPONENTS[name]);
  await board.write(id, value, (await board.read([id])).get(id)?.revision);
}

const STARTING = {
  desiredCopies: 1,
  start: { path: 'new-instance' as const, sinceMs: BEGIN_MS, readyAtMs: BEGIN_MS + READY_IN_MS },
};

/** Lets what goes on beside a run come to its end. */
const beside = () => new Promise((resolve) => setImmediate(resolve));

async function run(warming: Warming, id: string, record = recordOf({ criticalPath: [], nodes: {} })) {
  warming.begin(agent, id, DEADLINE_MS);
  await beside();
  const report = warming.end(id, record);
  await warming.teach();
  warming.forget(id);
  return report;
}

/** A process with one run, which has looked at the board. */
async function guiding(id: string): Promise<Warming> {
  const warming = processOf();
  warming.begin(agent, id, DEADLINE_MS);
  await beside();
  return warming;
}

const entries = () => told.filter((event) => event.type === 'entry');

test('the board is read after what a run calls first is on its way', async () => {
  const read = jest.spyOn(board, 'read');
  processOf().begin(agent, 'run', DEADLINE_MS);
  await Promise.resolve();
  expect(read).not.toHaveBeenCalled();
  await beside();
  expect(read).toHaveBeenCalledTimes(1);
});

test('a message names all runs that its process knows', async () => {
  const warming = processOf();
  for (let i = 0; i < 10; i++) warming.begin(agent, String(i), DEADLINE_MS);
  await beside();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ type: 'entry', agent: 'support' });
  expect((told[0] as any).requests).toHaveLength(10);
  expect((told[0] as any).requests[0]).toEqual({
    id: expect.any(String),
    graph: 'support',
    nodes: {},
    sinceMs: BEGIN_MS,
    deadlineAtMs: BEGIN_MS + DEADLINE_MS,
  });
});

/** What `Math.random` draws for one after another. */
function drawing(draw: (at: number) => number): void {
  let at = 0;
  jest.spyOn(Math, 'random').mockImplementation(() => draw(at++));
}

test('of a thousand processes with one run each as many tell as a decision looks at, also if all is starting', async () => {
  drawing((at) => (at % 97) / 97);
  const begin = async (name: string) => {
    for (let at = 0; at < 1_000; at++) processOf().begin(agent, `${name}-${at}`, DEADLINE_MS);
    await beside();
  };
  await begin('first');
  expect(told).toHaveLength(32);
  await onBoard('planner', STARTING);
  await onBoard('writer', STARTING);
  clock.advance(10_000);
  await beside();
  told = [];
  await begin('second');
  expect(told.length).toBeLessThanOrEqual(32);
});

test('a run that comes while everything is starting is told of once', async () => {
  await onBoard('planner', STARTING);
  await onBoard('writer', STARTING);
  processOf().begin(agent, 'a', DEADLINE_MS);
  await beside();
  clock.advance(60_000);
  await beside();
  expect(entries()).toMatchObject([{ requests: [{ id: 'a' }] }]);
});

test('while a run waits and nothing starts, it asks again', async () => {
  const lost = processOf({ tell: async (event) => void told.push(event) });
  lost.begin(agent, 'a', DEADLINE_MS);
  await beside();
  for (let second = 0; second < 30; second += 5) {
    clock.advance(5_000);
    await beside();
  }
  expect(entries()).toHaveLength(2);
});

test('that a run has ended is told at its end, if the warmer knows of it', async () => {
  const warming = processOf();
  await run(warming, 'a');
  expect(told).toEqual([
    expect.objectContaining({ type: 'entry' }),
    expect.objectContaining({ type: 'runs', ended: ['a'] }),
  ]);
});

test('a report that cannot be sent is counted with the next run', async () => {
  const warming = processOf({
    tell: async (event) => {
      if (event.type === 'runs') throw new Error('throttled');
    },
  });
  await run(warming, 'a');
  expect(warming.end('none', recordOf({ criticalPath: [], nodes: {} })).failures).toBe(1);
});

test('a run whose components are all warm tells nobody', async () => {
  await onBoard('planner', { copies: 1, desiredCopies: 1 });
  await onBoard('writer', { copies: 1, desiredCopies: 1 });
  expect(await run(processOf(), 'a')).toEqual({ requests: 0, failures: 0, savedMs: 0 });
  expect(told).toEqual([]);
});

const allWarm = () =>
  Promise.all([
    onBoard('planner', { copies: 1, desiredCopies: 1 }),
    onBoard('writer', { copies: 1, desiredCopies: 1 }),
  ]);

test('a component that refuses a call is cold, whatever the board says: the warmer is told of the run', async () => {
  await allWarm();
  const warming = await guiding('a');
  warming.refused('planner');
  warming.refused('planner');
  await beside();
  expect(entries()).toMatchObject([{ agent: 'support', requests: [{ id: 'a' }] }]);
});

test('a refusal before the board was read counts as well', async () => {
  await allWarm();
  const warming = processOf();
  warming.begin(agent, 'a', DEADLINE_MS);
  warming.refused('planner');
  await beside();
  expect(entries()).toHaveLength(1);
});

test('what a refused call waits for is looked for until the board knows of it', async () => {
  await allWarm();
  const warming = await guiding('a');
  warming.refused('planner');
  await beside();
  clock.advance(2_000);
  await onBoard('planner', STARTING);
  clock.advance(3_000);
  await beside();
  expect(warming.readyInMs(agent)).toBe(READY_IN_MS - 5_000);
});

test('a component that was seen to serve after it refused a call is warm', async () => {
  await allWarm();
  const warming = processOf();
  warming.refused('planner');
  clock.advance(1_000);
  await allWarm();
  await run(warming, 'a');
  expect(entries()).toEqual([]);
});

test('a refusal of what is not warmed, or not called by any open run, is no reason to ask', async () => {
  await allWarm();
  const warming = await guiding('a');
  warming.refused('searcher');
  await run(warming, 'b');
  warming.forget('a');
  warming.refused('planner');
  await beside();
  expect(told).toEqual([]);
});

const declinedFor = (forMs: number) => ({
  declined: { support: { atMs: nowMs(), untilMs: nowMs() + forMs } },
});

test('what the warmer has declined is not asked for again for so long', async () => {
  await allWarm();
  await onBoard('writer', declinedFor(60_000));
  const warming = processOf();
  await run(warming, 'a');
  expect(told).toEqual([]);
  clock.advance(60_000);
  await allWarm();
  await onBoard('writer', declinedFor(0));
  await run(warming, 'b');
  expect(entries()).toHaveLength(1);
});

test('a run that calls what was declined is refused, and asks', async () => {
  await allWarm();
  await onBoard('writer', declinedFor(60_000));
  const warming = await guiding('a');
  clock.advance(1_000);
  warming.refused('writer');
  await beside();
  expect(entries()).toMatchObject([{ requests: [{ id: 'a', refusedBy: [COMPONENTS.writer] }] }]);
});

test('a run of which the warmer knows, and for which it declined what refuses a call, asks once more at once', async () => {
  drawing((at) => at / 10);
  await allWarm();
  await onBoard('writer', {});
  const warming = await guiding('a');
  expect(entries()).toHaveLength(1);
  await onBoard('writer', declinedFor(600_000));
  clock.advance(5_000);
  await beside();
  clock.advance(1_000);
  for (let tries = 0; tries < 3; tries++) warming.refused('writer');
  await beside();
  expect(entries()).toHaveLength(2);
  expect(entries()[1]).toMatchObject({ requests: [{ id: 'a', refusedBy: [COMPONENTS.writer] }] });
});

test('what is found cold by a refusal is asked for at once, also soon after a run has asked', async () => {
  drawing((at) => at / 10);
  await allWarm();
  await onBoard('planner', {});
  const warming = await guiding('a');
  expect(entries()).toHaveLength(1);
  clock.advance(1_000);
  warming.refused('writer');
  await beside();
  expect(entries()).toHaveLength(2);
});

test('the end of a run for which all was declined is told with the next message', async () => {
  await allWarm();
  await onBoard('writer', {});
  const warming = await guiding('a');
  await onBoard('writer', declinedFor(600_000));
  clock.advance(5_000);
  await beside();
  warming.end('a', recordOf({ criticalPath: [], nodes: {} }));
  await warming.teach();
  warming.forget('a');
  expect(told).toEqual([expect.objectContaining({ type: 'entry' })]);
  clock.advance(60_000);
  await run(warming, 'b');
  expect(told.at(-1)).toMatchObject({ type: 'runs', ended: ['a'] });
});

test('what was seen warm long ago is not known to be warm', async () => {
  await onBoard('planner', { copies: 1, observedAtMs: BEGIN_MS - 600_000 });
  await onBoard('writer', { copies: 1 });
  await run(processOf(), 'a');
  expect(entries()).toHaveLength(1);
});

test('of a warm-up that is under way the callers learn when it is expected to end', async () => {
  await onBoard('planner', { copies: 1 });
  await onBoard('writer', STARTING);
  const warming = await guiding('a');
  expect(warming.readyInMs(agent)).toBe(READY_IN_MS);
});

test('a start that becomes known while a run waits is told to its caller', async () => {
  const warming = await guiding('a');
  expect(warming.readyInMs(agent)).toBeUndefined();
  await onBoard('writer', STARTING);
  clock.advance(5_000);
  await beside();
  expect(warming.readyInMs(agent)).toBe(READY_IN_MS - 5_000);
});

test('the board is read once in some seconds, however many runs begin', async () => {
  const read = jest.spyOn(board, 'read');
  const warming = processOf();
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 20; i++) await run(warming, `${second}-${i}`);
    clock.advance(1_000);
  }
  expect(read).toHaveBeenCalledTimes(2);
});

test('a board that cannot be read is counted, and nobody is told', async () => {
  board.read = () => Promise.reject(new Error('unavailable'));
  expect(await run(processOf(), 'a')).toEqual({ requests: 0, failures: 1, savedMs: 0 });
  expect(told).toEqual([]);
});

test('a message that is lost is counted, and another process sends one in its place', async () => {
  drawing(() => 0);
  const broken = processOf({
    tell: async (event) => {
      if (event.type === 'entry') throw new Error('throttled');
    },
  });
  expect(await run(broken, 'a')).toEqual({ requests: 0, failures: 1, savedMs: 0 });
  expect(await run(processOf(), 'b')).toEqual({ requests: 1, failures: 0, savedMs: 0 });
});

test('when the owner of a lease dies, another tells the warmer after ten seconds', async () => {
  drawing(() => 0);
  processOf({ tell: () => new Promise(() => {}) }).begin(agent, 'a', DEADLINE_MS);
  await beside();
  await run(processOf(), 'b');
  expect(entries()).toEqual([]);
  clock.advance(10_000);
  await run(processOf(), 'c');
  expect(entries()).toHaveLength(1);
});

test('nothing that hangs holds up the begin of a run', () => {
  board.read = () => new Promise(() => {});
  const warming = processOf();
  warming.begin(agent, 'a', DEADLINE_MS);
  expect(warming.end('a', recordOf({ criticalPath: [], nodes: {} }))).toEqual({ requests: 0, failures: 0, savedMs: 0 });
});

const call = (startMs: number, endMs: number, coldMs = 0) => ({
  startMs,
  endMs,
  attempts: 1,
  waitMs: coldMs,
  coldMs,
  costUsd: 0,
});

test('what a run saved is what its cold starts would have taken one after another, less what it waited', async () => {
  await onBoard('planner', STARTING);
  await onBoard('writer', STARTING);
  const record = recordOf({
    criticalPath: ['plan', 'write'],
    nodes: {
      plan: nodeOf({ startMs: 0, endMs: 201_000, calls: [call(0, 201_000, 200_000)] }),
      write: nodeOf({ startMs: 201_000, endMs: 202_000, calls: [call(201_000, 202_000)] }),
    },
  });
  expect((await run(processOf(), 'a', record)).savedMs).toBe(120_000 + 320_000);
});

test('what is found cold while a run goes on has saved nothing where the run was before', async () => {
  await allWarm();
  const warming = await guiding('a');
  clock.advance(10_000);
  await onBoard('planner', {});
  await onBoard('writer', {});
  warming.refused('writer');
  await beside();
  const record = recordOf({
    criticalPath: ['plan', 'write'],
    nodes: {
      plan: nodeOf({ startMs: 0, endMs: 9_000, calls: [call(0, 9_000)] }),
      write: nodeOf({ startMs: 9_000, endMs: 212_000, calls: [call(9_000, 212_000, 202_000)] }),
    },
  });
  expect(warming.end('a', record).savedMs).toBe(320_000 - 202_000);
});

test('what runs teach is told at their end: at once if they met a cold start', async () => {
  await onBoard('planner', STARTING);
  await onBoard('writer', STARTING);
  const warming = processOf();
  const nodes = {
    plan: nodeOf({ startMs: 0, endMs: 6_000, calls: [call(0, 6_000, 5_000)] }),
    write: nodeOf({ startMs: 6_000, endMs: 7_000, calls: [call(6_000, 7_000)] }),
  };
  await run(warming, 'a', recordOf({ wallMs: 7_000, criticalPath: [], nodes }));
  expect(told.filter((event) => event.type === 'runs')).toEqual([
    {
      type: 'runs',
      ended: ['a'],
      runs: [
        {
          agent: 'support',
          endedAtMs: BEGIN_MS + 7_000,
          outcomes: {
            plan: { status: 'succeeded', durationMs: 1_000 },
            write: { status: 'succeeded', durationMs: 1_000 },
          },
        },
      ],
      activity: {
        'sagemaker/planner': { spans: [{ fromMs: BEGIN_MS, toMs: BEGIN_MS + 6_000 }], servedMs: 1_000 },
        'sagemaker/writer': { spans: [{ fromMs: BEGIN_MS + 6_000, toMs: BEGIN_MS + 7_000 }], servedMs: 1_000 },
      },
    },
  ]);
});

test('a call that another backend has answered tells nothing of the one that is warmed, and has waited for no start', async () => {
  await onBoard('planner', STARTING);
  await onBoard('writer', STARTING);
  const spills = [{ alternative: 0, why: 'not-ready' }] as const;
  const nodes = {
    plan: nodeOf({ startMs: 0, endMs: 1_000, calls: [{ ...call(0, 1_000), alternative: 0 }] }),
    write: nodeOf({ startMs: 1_000, endMs: 2_000, calls: [{ ...call(1_000, 2_000, 500), alternative: 1, spills }] }),
  };
  const record = recordOf({ wallMs: 2_000, criticalPath: ['plan', 'write'], nodes });
  expect((await run(processOf(), 'a', record)).savedMs).toBe(0);
  expect(told.at(-1)).toMatchObject({ type: 'runs', runs: [{ agent: 'support' }] });
  expect((told.at(-1) as any).activity).toEqual({
    'sagemaker/planner': { spans: [{ fromMs: BEGIN_MS, toMs: BEGIN_MS + 1_000 }], servedMs: 1_000 },
  });
});
