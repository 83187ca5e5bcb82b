import { TUNER_VARIABLE, type TunerDeployment } from '../../../core/scale/tuner-deployment';
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

function configure(more: Partial<TunerDeployment>, writer: Partial<TunerDeployment['components'][string]> = {}): void {
  const deployment = deploymentOf(more);
  const components = { writer: { ...deployment.components.writer!, ...writer } };
  stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...deployment, components });
}

const target = async () => (await stack.policy()).TargetValue;
const entries = () => stack.table.entries('writer', 0);

test('without anything against it, an overload is acted upon', async () => {
  await overload();
  expect(await stack.tick()).toMatchObject({ status: 'done', components: 1, done: 1, refused: 0 });
  expect(await target()).toBe(12);
});

test('a tick that comes twice acts once', async () => {
  await overload();
  await stack.tick();
  expect(await stack.tick()).toMatchObject({ done: 0 });
  stack.clock.advance(2000);
  expect(await stack.tick()).toMatchObject({ done: 0 });
  expect(await target()).toBe(12);
});

test('of ticks at once only one works', async () => {
  await overload();
  const summaries = await Promise.all([stack.tick(), stack.tick(), stack.tick()]);
  expect(summaries.map(({ status }) => status).sort()).toEqual(['done', 'held by another', 'held by another']);
  expect(await target()).toBe(12);
});

test('a tick that never ended keeps others away no longer than it could have lasted', async () => {
  await overload();
  await stack.table.acquireLease('@tick', 'lost', stack.world.nowMs, stack.world.nowMs + 40_000);
  expect(await stack.tick()).toMatchObject({ status: 'held by another' });
  stack.clock.advance(40_000);
  expect(await stack.tick()).toMatchObject({ status: 'done', done: 1 });
});

test('a tick that has hardly any time left decides, but begins nothing', async () => {
  await overload();
  expect(await stack.tick(4000)).toMatchObject({ done: 0, refused: 1 });
  expect(await target()).toBe(16);
  expect((await entries())[0]!.entry.actions[0]!.outcome.detail).toBe('the tick took too long');
});

test('a tick whose state another has written does nothing', async () => {
  await overload();
  const { table } = stack.services;
  const rival = {
    ...table,
    states: async <T>(keys: readonly string[]) => {
      const states = await table.states<T>(keys);
      if (keys.includes('writer')) await table.saveState('writer', { rival: true }, states.get('writer')?.version ?? 0);
      return states;
    },
  };
  Object.assign(stack.services, { table: rival });
  expect(await stack.tick()).toMatchObject({ status: 'done', conflicts: 1, done: 0 });
  expect(await target()).toBe(16);
});

describe('a tick that ends', () => {
  /** As a function that is stopped: nothing after this is done, and the lease is not given back. */
  const die = () => {
    throw new Error('stopped');
  };

  test('before it acts is told of by the next one, which decides anew', async () => {
    await overload();
    const { scaling, table } = stack.services;
    Object.assign(stack.services, {
      scaling: { ...scaling, putPolicy: die },
      table: { ...table, addEntry: die, releaseLease: die },
    });
    await expect(stack.tick()).rejects.toThrow('stopped');
    Object.assign(stack.services, { scaling, table });
    expect(await target()).toBe(16);

    await stack.minute();
    await stack.tick();
    const [abandoned] = await entries();
    expect(abandoned!.entry.actions).toMatchObject([
      { action: { to: 12 }, outcome: { status: 'unknown', detail: expect.stringContaining('abandoned') } },
    ]);
    for (let minute = 0; minute < 5; minute++) {
      await stack.minute();
      await stack.tick();
    }
    expect(await target()).toBe(12);
  });

  test('after it acted is told of by the next one, and nothing is done twice', async () => {
    await overload();
    const { table } = stack.services;
    Object.assign(stack.services, { table: { ...table, addEntry: die, releaseLease: die } });
    await expect(stack.tick()).rejects.toThrow('stopped');
    Object.assign(stack.services, { table });
    expect(await target()).toBe(12);

    await stack.minute();
    expect(await stack.tick()).toMatchObject({ done: 0 });
    const [late] = await entries();
    expect(late!.entry.actions).toMatchObject([{ outcome: { status: 'done', detail: 'found live by a later tick' } }]);
    expect(await target()).toBe(12);
  });
});

test('a policy that somebody else changed is theirs until it is acknowledged', async () => {
  await overload();
  await stack.tick();
  await stack.services.scaling.putPolicy(
    'inference-component/writer-ic',
    'concurrency',
    JSON.stringify({ ...(await stack.policy()), TargetValue: 20 }),
  );
  for (let minute = 0; minute < 8; minute++) {
    await stack.minute();
    await stack.tick();
  }
  expect(await target()).toBe(20);
  expect((await entries())[0]!.verdict!.verdict).toBe('overridden');

  configure({}, { acknowledgedAtMs: stack.world.nowMs });
  await stack.minute();
  await stack.tick();
  expect(await target()).toBe(15);
});

test('a policy that a deployment changes is tuned on from there, and its watched change counts as overridden', async () => {
  const cooldowns = { scaleOutCooldownSeconds: 120, scaleInCooldownSeconds: 600 };
  configure({}, { deployed: { target: 16, ...cooldowns } });
  await overload();
  await stack.tick();
  expect(await target()).toBe(12);
  await stack.services.scaling.putPolicy(
    'inference-component/writer-ic',
    'concurrency',
    JSON.stringify({ ...(await stack.policy()), TargetValue: 20, ScaleOutCooldown: 120, ScaleInCooldown: 600 }),
  );
  configure({}, { deployed: { target: 20, ...cooldowns } });
  for (let minute = 0; minute < 8; minute++) {
    await stack.minute();
    await stack.tick();
  }
  expect((await entries())[0]!.verdict!.verdict).toBe('overridden');
  expect(await target()).toBe(15);
});

test('a dry run decides and tells, and changes nothing', async () => {
  configure({ mode: 'dry-run' });
  await overload();
  expect(await stack.tick()).toMatchObject({ done: 0 });
  expect(await target()).toBe(16);
  const [{ entry } = { entry: undefined }] = await entries();
  expect(entry).toMatchObject({ mode: 'dry-run', actions: [] });
  expect(entry!.reasons).toContain('dry run: would set the target from 16 to 12');
});

test('switched off by its deployment, it does nothing, and asks AWS for nothing', async () => {
  configure({ mode: 'off' });
  await overload();
  stack.aws.faults.add({ calls: 'DynamoDB', outcome: 'unavailable' });
  expect(await stack.tick()).toMatchObject({ status: 'off' });
  expect(await target()).toBe(16);
});

test('no target leaves the bounds of the deployment', async () => {
  configure({}, { minTarget: 14 });
  await overload();
  await stack.tick();
  expect(await target()).toBe(14);
});

test('a change that made matters worse is taken back to the letter, and the ledger says so', async () => {
  await stack.stop();
  stack = await startTuned(4);
  const before = await stack.policy();
  for (let minute = 0; minute < 25; minute++) {
    await stack.minute((p95Ms) => 0.5 * p95Ms);
    // Not before copies have been there for as long as a change is watched.
    if (minute >= 22) await stack.tick();
  }
  expect(await target()).toBeGreaterThan(4);
  for (let minute = 0; minute < 20; minute++) {
    // More than one in twenty are late, but a P95 within its band: nothing else would take the change back.
    await stack.minute(() => 1010);
    await stack.tick();
  }
  expect(await stack.policy()).toEqual(before);
  const changes = (await entries()).filter(({ entry }) => entry.actions.length > 0);
  expect(changes[0]!.verdict).toMatchObject({
    verdict: 'rolled back',
    reason: expect.stringContaining('the change is taken back'),
  });
});

test('a configuration that is wrong is refused with the field and the remedy', async () => {
  stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...deploymentOf(), mode: 'on' });
  await expect(stack.tick()).rejects.toThrow(
    `${TUNER_VARIABLE}: tuner.mode must be one of act, dry-run, off, got: "on"`,
  );
});
