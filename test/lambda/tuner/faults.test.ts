import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import type { Fault } from '../../../local/aws/faults';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
});

afterEach(() => stack.stop());

/** Two minutes: the first of them is out. */
async function overload(): Promise<void> {
  await stack.minute();
  await stack.minute();
}

/** Copies work, but nobody tells of the calls. */
async function busyWithoutMetrics(minutes: number): Promise<void> {
  const model = stack.world.model('sagemaker/writer-ic')!;
  if (model.kind !== 'chat-model') throw new Error('no chat model');
  const end = new AbortController();
  const call = model.answer({ messages: [{ role: 'user', content: 'x' }] }, end.signal).catch(() => {});
  await new Promise<void>((resolve) => setImmediate(resolve));
  stack.clock.advance(minutes * 60_000);
  end.abort();
  await call;
}

const target = async () => (await stack.policy()).TargetValue;
const entries = () => stack.table.entries('writer', 0);

describe('metrics that', () => {
  test.each([
    ['are negative', [-5, 100, 200]],
    ['were given in the wrong unit', Array<number>(60).fill(2_400_000)],
    ['are a thousandth of the truth', Array<number>(60).fill(2.4)],
    ['are too few', Array<number>(20).fill(2400)],
  ])('%s cause no action', async (_, latencies) => {
    stack.clock.advance(60_000);
    await stack.publish(latencies);
    stack.clock.advance(60_000);
    expect(await stack.tick()).toMatchObject({ done: 0 });
    expect(await target()).toBe(16);
  });

  test('are old cause no action, and the ledger says so', async () => {
    await overload();
    await busyWithoutMetrics(15);
    expect(await stack.tick()).toMatchObject({ done: 0, blind: 1 });
    expect((await entries())[0]!.entry.reasons).toEqual(['no metrics for 15 min: nothing done']);
  });

  test('of a busy minute are lost leave that minute out', async () => {
    await overload();
    await stack.minute();
    await busyWithoutMetrics(2);
    await stack.tick();
    const { seen } = (await entries()).at(-1)!.entry;
    expect(seen!.measuredAtMs).toBe(stack.world.nowMs - 120_000);
  });
});

describe('a component about which nothing is decided', () => {
  test('is not seen while its latencies are implausible', async () => {
    stack.clock.advance(60_000);
    await stack.publish(Array<number>(60).fill(2_400_000));
    stack.clock.advance(60_000);
    expect(await stack.tick()).toMatchObject({ blind: 1 });
  });

  test('is not seen while its objective is not split yet', async () => {
    const { components, ...rest } = deploymentOf();
    const { objectiveMs: _, ...writer } = components.writer!;
    stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...rest, components: { writer } });
    await overload();
    expect(await stack.tick()).toMatchObject({ blind: 1 });
  });

  test('is seen if there are no calls to tell of', async () => {
    stack.clock.advance(2 * 60_000);
    expect(await stack.tick()).toMatchObject({ blind: 0 });
  });

  test('is seen if nothing is new since the last tick', async () => {
    await overload();
    await stack.tick();
    stack.clock.advance(10_000);
    expect(await stack.tick()).toMatchObject({ blind: 0 });
  });
});

describe('while AWS throttles', () => {
  test.each<Fault['calls']>([
    'CloudWatch.GetMetricData',
    'ApplicationAutoScaling.DescribeScalingPolicies',
    'SageMaker',
  ])('%s, nothing is done, and the ledger says why', async (calls) => {
    await overload();
    const restore = stack.aws.faults.add({ calls, outcome: 'throttled' });
    expect(await stack.tick()).toMatchObject({ status: 'done', blind: 1, done: 0 });
    expect((await entries())[0]!.entry.reasons[0]).toMatch(/could not be read|did not answer/);
    restore();
    stack.clock.advance(10_000);
    expect(await stack.tick()).toMatchObject({ blind: 0, done: 1 });
  });

  test('the change itself, it is not waited for, and asked for again within the budget', async () => {
    await overload();
    stack.aws.faults.add({ calls: 'ApplicationAutoScaling.PutScalingPolicy', outcome: 'throttled', times: 1 });
    expect(await stack.tick()).toMatchObject({ done: 0, refused: 1 });
    expect((await entries())[0]!.entry.actions[0]!.outcome).toMatchObject({ status: 'refused' });
    for (let minute = 0; minute < 6; minute++) {
      await stack.minute();
      await stack.tick();
    }
    expect(await target()).toBe(12);
    expect((await entries()).some(({ verdict }) => verdict)).toBe(false);
  });

  test('the table, nothing is done at all', async () => {
    await overload();
    stack.aws.faults.add({ calls: 'DynamoDB.BatchGetItem', outcome: 'throttled', times: 1 });
    await expect(stack.tick()).rejects.toThrow();
    expect(await target()).toBe(16);
    expect(await stack.tick()).toMatchObject({ done: 1 });
  });
});

test('of a change whose answer is lost, what is live counts', async () => {
  await overload();
  stack.aws.faults.add({ calls: 'ApplicationAutoScaling.PutScalingPolicy', outcome: 'lost', times: 1 });
  await stack.tick();
  expect((await entries())[0]!.entry.actions[0]!.outcome.status).toBe('unknown');
  expect(await target()).toBe(12);
  await stack.minute();
  expect(await stack.tick()).toMatchObject({ done: 0 });
  expect((await entries()).at(-1)!.entry.reasons).not.toContainEqual(expect.stringContaining('lost'));
});
