import { NO_DEMAND } from '../../../core/scale';
import { MINUTE_MS } from '../../../core/time-units';
import {
  type ComponentRecord,
  EMPTY_WARM_STATE,
  learnIdleTime,
  NO_KNOWLEDGE,
  type WarmedBackend,
} from '../../../core/warm';
import type { Board } from '../../../lambda/warm-board/board';
import { componentId, componentKnowledgeId, POLICY_ID } from '../../../lambda/warm-board/documents';
import type { Fault } from '../../../local/aws';
import { COLD_COMPONENT } from '../../local/aws/stack';
import {
  backendOf,
  chainOf,
  component,
  configOf,
  importedModel,
  keyOf,
  MODEL_ID,
  startWarmStack,
  type WarmStack,
} from './warm-stack';

const NAMES = ['planner', 'searcher', 'writer'];
const CONFIG = configOf(NAMES, { policy: 'entry' });
const COLD_START_MS = 260_000;

let stack: WarmStack;

beforeEach(async () => {
  stack = await startWarmStack([...NAMES.map(component), importedModel()]);
});

afterEach(() => stack.close());

const entry = (...ids: string[]) => ({
  type: 'entry' as const,
  agent: 'support',
  requests: ids.map((id) => stack.run(id)),
});

/** The schedule, for the first time after so many minutes. */
function after(minutes: number, config = CONFIG): Promise<void> {
  stack.clock.advance(minutes * MINUTE_MS);
  return stack.settle(stack.invoke(config, { type: 'tick' }));
}

/** An invocation that does not stay until the copies serve. */
const begin = (config = CONFIG) => stack.settle(stack.invoke(config, entry('a'), { remainingMs: 20_000 }));

const said = (message: string) => stack.lines.filter((line) => line.message === message);

/** What the board says of a component. */
async function seen(name: string): Promise<ComponentRecord | undefined> {
  const id = componentId(keyOf(name));
  return (await stack.board.read([id])).get(id)?.value as ComponentRecord | undefined;
}

const minima = () => Promise.all(NAMES.map((name) => stack.minimum(name)));

test('a chain of three cold components starts at once, so that it waits for the longest and not for the sum', async () => {
  const beganAtMs = stack.world.nowMs;
  await stack.settle(stack.invoke(CONFIG, entry('a')));
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
  expect(stack.world.nowMs - beganAtMs).toBeLessThan(1.05 * COLD_START_MS);
  expect(said('ready').map((line) => line.component)).toEqual(expect.arrayContaining(NAMES.map(keyOf)));
});

test('an unused warm-up ends by itself: minimum, copies and what is written down are as before', async () => {
  await begin();
  await after(20);
  await after(20);
  expect(await minima()).toEqual([0, 0, 0]);
  expect(NAMES.map(stack.copies)).toEqual([0, 0, 0]);
  expect(await Promise.all(NAMES.map((name) => stack.hold(name)))).toEqual([undefined, undefined, undefined]);
});

test('of messages that come at the same time one starts what they all want', async () => {
  await stack.settle(...['a', 'b', 'c'].map((id) => stack.invoke(CONFIG, entry(id))));
  expect(said('raised')).toHaveLength(3);
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
});

test('an invocation that ends before the copies serve is carried on by the schedule', async () => {
  await begin();
  expect(NAMES.map(stack.copies)).toEqual([0, 0, 0]);
  await after(5);
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
  expect(said('ready')).toHaveLength(3);
});

test.each<Fault>([
  { calls: 'ApplicationAutoScaling.RegisterScalableTarget', outcome: 'throttled', times: 2 },
  { calls: 'ApplicationAutoScaling.RegisterScalableTarget', outcome: 'lost', times: 1 },
  { calls: 'SageMaker.DescribeInferenceComponent', outcome: 'throttled', times: 2 },
  { calls: 'DynamoDB.PutItem', outcome: 'lost', times: 1 },
  { calls: 'DynamoDB.BatchGetItem', outcome: 'unavailable', times: 1 },
])('%o does not keep copies from starting, nor from going', async (fault) => {
  stack.fault(fault);
  await begin();
  await after(5);
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
  await after(15);
  expect(await minima()).toEqual([0, 0, 0]);
});

test('the target of a scaling policy is looked up, and not for ten minutes again', async () => {
  const alone = configOf(['writer'], { policy: 'entry' });
  const { targetConcurrency: concurrency } = COLD_COMPONENT.scaling;
  await after(1, alone);
  const first = { concurrency, seenAtMs: stack.world.nowMs };
  expect(await seen('writer')).toMatchObject({ target: first });
  await after(9, alone);
  expect(await seen('writer')).toMatchObject({ target: first });
  await after(1, alone);
  expect(await seen('writer')).toMatchObject({ target: { concurrency, seenAtMs: stack.world.nowMs } });
});

test('a scaling policy that cannot be seen keeps nothing from starting', async () => {
  stack.fault({ calls: 'ApplicationAutoScaling.DescribeScalingPolicies', outcome: 'unavailable', times: 100 });
  await begin();
  await after(5);
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
  expect(said('a scaling policy cannot be seen')).toContainEqual(
    expect.objectContaining({ level: 'ERROR', component: keyOf('planner') }),
  );
});

test('a start whose end it sees teaches how long one takes', async () => {
  const alone = configOf(['writer'], { policy: 'entry' });
  await stack.settle(stack.invoke(alone, entry('a')));
  const id = `knowledge#component#${keyOf('writer')}`;
  const { coldStarts } = (await stack.board.read([id])).get(id)!.value as any;
  const { weight, meanLogMs } = coldStarts[`${keyOf('writer')}/new-instance-cached-image`];
  expect(weight).toBe(1);
  expect(Math.exp(meanLogMs)).toBeGreaterThan(COLD_START_MS);
  expect(Math.exp(meanLogMs)).toBeLessThan(COLD_START_MS + 6_000);
});

test('without money nothing starts, and the reasons say so', async () => {
  const poor = { ...CONFIG, limits: { hourlyBudgetUsd: 0, monthlyBudgetUsd: 0 } };
  await begin(poor);
  expect(await minima()).toEqual([0, 0, 0]);
  expect((await stack.policy())?.state.holds).toEqual({});
});

test('an imported model is called until it answers', async () => {
  const key = `bedrock/${MODEL_ID}`;
  const config = configOf([], {
    policy: 'entry',
    agents: { support: { graph: chainOf('support', ['search', 'writer']), components: { writer: key } } },
    backends: { [key]: { type: 'bedrock', modelId: MODEL_ID, pricePerHourUsd: 6.9, minimumBillUsd: 0.57 } },
  });
  await stack.settle(stack.invoke(config, entry('a')));
  expect(stack.world.model(key)!.copiesInService).toBe(1);
  expect(said('touched')).toHaveLength(1);
  expect(said('ready')).toEqual([expect.objectContaining({ component: key, path: 'imported-model' })]);
});

/** A component that runs need only after a long node, which nothing warms. */
const LATE = configOf(['writer'], {
  policy: 'entry',
  agents: { support: { graph: chainOf('support', ['wait', 'writer']), components: { writer: keyOf('writer') } } },
});

/** Many runs whose first node took so long. */
async function teachWait(durationMs: number): Promise<void> {
  const outcomes = { wait: { status: 'succeeded' as const, durationMs } };
  const runs = Array.from({ length: 200 }, () => ({ agent: 'support', endedAtMs: stack.world.nowMs, outcomes }));
  await stack.settle(stack.invoke(LATE, { type: 'runs', runs, activity: {} }));
}

test('a start that is put off comes when it is due, though the run tells no more of itself', async () => {
  await teachWait(120 * MINUTE_MS);
  const beganAtMs = stack.world.nowMs;
  const run = { ...stack.run('a'), deadlineAtMs: beganAtMs + 3_600_000 };
  const told = { type: 'entry' as const, agent: 'support', requests: [run] };
  await stack.settle(stack.invoke(LATE, told, { remainingMs: 20_000 }));
  expect(await stack.minimum('writer')).toBe(0);
  for (let minute = 0; minute < 15; minute++) await after(1, LATE);
  expect(await stack.minimum('writer')).toBe(1);
  expect(said('decided').filter(({ actions }) => (actions as unknown[]).length > 0)).toHaveLength(1);
});

test('nothing is started for a run that has ended, though its deadline is far away', async () => {
  await teachWait(120 * MINUTE_MS);
  const run = { ...stack.run('a'), deadlineAtMs: stack.world.nowMs + 3_600_000 };
  const told = { type: 'entry' as const, agent: 'support', requests: [run] };
  await stack.settle(stack.invoke(LATE, told, { remainingMs: 20_000 }));
  await stack.settle(stack.invoke(LATE, { type: 'runs', runs: [], activity: {}, ended: ['a'] }));
  for (let minute = 0; minute < 20; minute++) await after(1, LATE);
  expect(said('raised')).toEqual([]);
  expect((await stack.policy())?.runs).toEqual([]);
});

test.each(['late', 'twice'])(
  'nothing is started for a run whose message on entry comes %s, after its end',
  async (how) => {
    if (how === 'twice')
      await stack.settle(stack.invoke(CONFIG, { ...entry('a'), requests: [stack.run('a')] }, { remainingMs: 20_000 }));
    const raised = said('raised').length;
    await stack.settle(stack.invoke(CONFIG, { type: 'runs', runs: [], activity: {}, ended: ['a'] }));
    await begin();
    expect((await stack.policy())?.runs).toEqual([]);
    expect(said('raised')).toHaveLength(raised);
  },
);

describe('a first call', () => {
  const backend = { ...backendOf('writer'), firstCall: { body: '{"inputs":"."}' } } as WarmedBackend;
  const config = { ...configOf(['writer'], { policy: 'entry' }), backends: { [keyOf('writer')]: backend } };
  const called: string[] = [];
  let isLost = false;
  const call = async (key: string) => {
    called.push(key);
    if (isLost) throw new Error('the function has ended');
  };
  /** Has so many copies held for half an hour. */
  const want = async (copies: number) => {
    const { nowMs } = stack.world;
    const hold = { copies, sinceMs: nowMs, untilMs: nowMs + 30 * MINUTE_MS, readyAtMs: nowMs, chargedUsd: 0 };
    const state = { ...EMPTY_WARM_STATE, holds: { [keyOf('writer')]: { ...hold, chargedAtMs: nowMs } } };
    const before = (await stack.board.read([POLICY_ID])).get(POLICY_ID);
    await stack.board.write(POLICY_ID, { state, runs: [], changed: [keyOf('writer')] }, before?.revision);
  };
  const tick = () => stack.settle(stack.invoke(config, { type: 'tick' }, { call }));

  beforeEach(async () => {
    called.length = 0;
    isLost = false;
    await stack.settle(stack.invoke(config, entry('a'), { call, remainingMs: 20_000 }));
    stack.clock.advance(5 * MINUTE_MS);
  });

  test('is made by the schedule if the invocation that started the copy has ended, and made once', async () => {
    expect(called).toEqual([]);
    await tick();
    expect(called).toEqual([keyOf('writer')]);
    stack.clock.advance(MINUTE_MS);
    await tick();
    expect(called).toHaveLength(1);
  });

  test('is made by one of several that find the copy at once', async () => {
    await stack.settle(
      ...Array.from({ length: 8 }, (_, at) => stack.invoke(config, entry(`b${at}`), { call, remainingMs: 20_000 })),
    );
    expect(called).toEqual([keyOf('writer')]);
  });

  test('that does not end well is made again, but not for ever', async () => {
    isLost = true;
    await tick();
    stack.clock.advance(MINUTE_MS);
    isLost = false;
    await tick();
    await tick();
    expect(called).toHaveLength(2);
  });

  test('is not made once a run has called the component', async () => {
    const toMs = stack.world.nowMs + MINUTE_MS;
    const activity = { [keyOf('writer')]: { spans: [{ fromMs: toMs - 1, toMs }], servedMs: 1 } };
    await stack.settle(stack.invoke(config, { type: 'runs', runs: [], activity }));
    await tick();
    expect(stack.copies('writer')).toBe(1);
    expect(called).toEqual([]);
  });

  test('is made as many times at once as there are copies, and again when there are more', async () => {
    await tick();
    expect([stack.copies('writer'), called.length]).toEqual([1, 1]);
    await want(2);
    await tick();
    stack.clock.advance(5 * MINUTE_MS);
    await tick();
    expect([stack.copies('writer'), called.length]).toEqual([2, 3]);
    stack.clock.advance(MINUTE_MS);
    await tick();
    expect(called).toHaveLength(3);
  });

  test('of several copies is made though a run has called one', async () => {
    await want(2);
    await tick();
    called.length = 0;
    stack.clock.advance(5 * MINUTE_MS);
    const toMs = stack.world.nowMs + MINUTE_MS;
    const activity = { [keyOf('writer')]: { spans: [{ fromMs: toMs - 1, toMs }], servedMs: 1 } };
    await stack.settle(stack.invoke(config, { type: 'runs', runs: [], activity }));
    await tick();
    expect([stack.copies('writer'), called.length]).toEqual([2, 2]);
  });
});

test('what a run has started that ended at its deadline is there when its caller comes back, however long ago the last call was', async () => {
  const knowledge = {
    coldStarts: {},
    demand: NO_DEMAND,
    servedMs: 0,
    servedSinceMs: 0,
    lastCallMs: stack.world.nowMs - 300 * MINUTE_MS,
  };
  for (const key of NAMES.map(keyOf)) {
    let known = NO_KNOWLEDGE;
    for (let n = 0; n < 50; n++) known = learnIdleTime(known, key, 5 * MINUTE_MS, stack.world.nowMs);
    await stack.board.write(componentKnowledgeId(key), { ...knowledge, idleTimes: known.idleTimes }, undefined);
  }
  await begin();
  await stack.settle(stack.invoke(CONFIG, { type: 'runs', runs: [], activity: {}, ended: ['a'] }));
  await after(1);
  expect(await minima()).toEqual([1, 1, 1]);
  await after(4);
  expect(await minima()).toEqual([1, 1, 1]);
  expect(NAMES.map(stack.copies)).toEqual([1, 1, 1]);
  await after(15);
  expect(await minima()).toEqual([0, 0, 0]);
});

test('a warm-up is wasted if its copies go without a call, and not before', async () => {
  const alone = configOf(['writer'], { policy: 'entry' });
  await begin(alone);
  await stack.settle(stack.invoke(alone, { type: 'runs', runs: [], activity: {}, ended: ['a'] }));
  await after(15, alone);
  expect((await stack.policy())?.state).toMatchObject({ holds: {}, precision: { used: 0, wasted: 0 } });
  await after(15, alone);
  expect(stack.copies('writer')).toBe(0);
  expect((await stack.policy())?.state.precision).toMatchObject({ used: 0, wasted: 1 });
});

test('a warm-up that nothing calls never costs more than was set aside for it', async () => {
  const alone = configOf(['writer'], { policy: 'entry' });
  const beganAtMs = stack.world.nowMs;
  await begin(alone);
  await stack.settle(stack.invoke(alone, { type: 'runs', runs: [], activity: {}, ended: ['a'] }));
  await after(5, alone);
  while (stack.copies('writer') > 0) await after(1, alone);
  const instanceGoesMs = 10 * MINUTE_MS;
  const paidMs = stack.world.nowMs - beganAtMs + instanceGoesMs;
  const setAsideMs = (60 * MINUTE_MS * (await stack.policy())!.state.spend.monthUsd) / 1.2;
  expect(setAsideMs).toBeGreaterThan(paidMs);
  expect(setAsideMs).toBeLessThan(1.2 * paidMs);
});

test('what cannot be learned keeps nothing from being restored', async () => {
  await begin();
  const whole = stack.board;
  const board: Board = {
    read: (ids) => whole.read(ids),
    write: (id, ...rest) =>
      id.startsWith('knowledge#') ? Promise.reject(new Error('throttled')) : whole.write(id, ...rest),
    remove: (id, before) => whole.remove(id, before),
    lease: (...lease) => whole.lease(...lease),
    free: (id, owner) => whole.free(id, owner),
  };
  stack.clock.advance(40 * MINUTE_MS);
  await stack.settle(stack.invoke({ ...CONFIG, policy: 'entryForecast' }, { type: 'tick' }, { board }));
  expect(await minima()).toEqual([0, 0, 0]);
  expect(said('demand is not learned')).toHaveLength(1);
});

test('of a burst of messages at once none is lost', async () => {
  const ids = Array.from({ length: 24 }, (_, at) => `run-${at}`);
  await stack.settle(...ids.map((id) => stack.invoke(CONFIG, entry(id), { remainingMs: 40_000 })));
  const known = (await stack.policy())!.runs.map(({ id }) => id);
  expect([...known].sort()).toEqual([...ids].sort());
});

test('what is not started for a run stands on the board, for its agent and for a time, until it starts', async () => {
  const poor = { ...CONFIG, limits: { hourlyBudgetUsd: 0, monthlyBudgetUsd: 0 } };
  const declined = async () => (await seen('planner'))?.declined;
  await begin(poor);
  const first = (await declined())!;
  const { atMs, untilMs } = first.support!;
  expect(untilMs).toBe(atMs + MINUTE_MS);
  stack.clock.advance(30_000);
  await begin(poor);
  expect(await declined()).toEqual(first);
  stack.clock.advance(30_000);
  await begin(poor);
  expect((await declined())!.support!.atMs).toBeGreaterThanOrEqual(untilMs);
  await begin();
  expect(await declined()).toBeUndefined();
});

const refusedBy = (...keys: string[]) => ({ ...entry('a'), requests: [{ ...stack.run('a'), refusedBy: keys }] });

/** An agent of which no run has called the writer yet. */
async function withRareBranch() {
  const [planner, writer] = chainOf('support', ['planner', 'writer']).nodes;
  const graph = { name: 'support', nodes: [planner!, { ...writer!, conditional: true }] };
  const pair = configOf(['planner', 'writer'], { policy: 'entry' });
  const rare = { ...pair, agents: { support: { ...pair.agents.support!, graph } } };
  const outcomes = {
    planner: { status: 'succeeded' as const, durationMs: 1_000 },
    writer: { status: 'skipped' as const, durationMs: 0 },
  };
  const ended = { agent: 'support', endedAtMs: stack.world.nowMs, outcomes };
  const runs = Array<typeof ended>(200).fill(ended);
  await stack.settle(stack.invoke(rare, { type: 'runs', runs, activity: {} }));
  return rare;
}

test('what is started waits for nothing that is told of what is not', async () => {
  const rare = await withRareBranch();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const whole = stack.board;
  const board: Board = {
    read: (ids) => whole.read(ids),
    write: async (...written) => {
      if (Object.hasOwn(written[1] as object, 'declined')) await gate;
      return whole.write(...written);
    },
    remove: (id, before) => whole.remove(id, before),
    lease: (...lease) => whole.lease(...lease),
    free: (id, owner) => whole.free(id, owner),
  };
  const invocation = stack.invoke(rare, entry('a'), { board, remainingMs: 20_000 });
  while ((await stack.minimum('planner')) === 0);
  open();
  await stack.settle(invocation);
  expect((await seen('writer'))?.declined).toHaveProperty('support');
});

test('the model of a rare branch is declined, and started for a run that it has refused', async () => {
  const rare = await withRareBranch();
  await begin(rare);
  expect((await seen('writer'))?.declined).toHaveProperty('support');
  expect(await stack.minimum('writer')).toBe(0);
  await stack.settle(stack.invoke(rare, refusedBy(keyOf('writer')), { remainingMs: 20_000 }));
  expect(await stack.minimum('writer')).toBe(1);
  expect((await seen('writer'))?.declined).toBeUndefined();
});

test('what is declined in spite of a refusal is declined anew', async () => {
  const poor = { ...CONFIG, limits: { hourlyBudgetUsd: 0, monthlyBudgetUsd: 0 } };
  await begin(poor);
  stack.clock.advance(30_000);
  const refusedAtMs = stack.world.nowMs;
  await stack.settle(stack.invoke(poor, refusedBy(keyOf('planner')), { remainingMs: 20_000 }));
  expect((await seen('planner'))!.declined!.support!.atMs).toBeGreaterThanOrEqual(refusedAtMs);
});

test('why nothing is started for a run is logged', async () => {
  await begin({ ...CONFIG, limits: { hourlyBudgetUsd: 0, monthlyBudgetUsd: 0 } });
  expect(said('decided')[0]!.reasons).toContainEqual(
    expect.stringMatching(/^sagemaker\/planner: not warmed: .* needed/),
  );
});
