import type { Fault } from '../../../local/aws';
import {
  chainOf,
  component,
  configOf,
  importedModel,
  keyOf,
  MINUTE_MS,
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
