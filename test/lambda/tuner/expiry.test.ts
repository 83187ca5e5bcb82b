import { DescribeScheduledActionsCommand } from '@aws-sdk/client-application-auto-scaling';
import { ledgerStory } from '../../../bin/tuning/ledger-story';
import { TUNER_VARIABLE, type TunerDeployment } from '../../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../../core/time-units';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;

function configure(more: Partial<TunerDeployment> = {}): void {
  const deployment = deploymentOf({ mechanisms: { targets: false, burstGuard: false }, ...more });
  stack.environment[TUNER_VARIABLE] = JSON.stringify(deployment);
}

/** A call a second, of forty seconds each: more than the sixteen that one copy may hold. */
async function raise(): Promise<void> {
  for (let minute = 0; minute < 3; minute++) {
    await stack.minute(() => 40_000);
    await stack.tick();
  }
}

beforeEach(async () => {
  stack = await startTuned(16);
  configure();
  await raise();
  expect(await minimum()).toBeGreaterThan(1);
});

afterEach(() => stack.stop());

const minimum = async () => (await stack.bounds()).MinCapacity!;

async function scheduled() {
  const { ScheduledActions = [] } = await stack.clients.scaling.send(
    new DescribeScheduledActionsCommand({ ServiceNamespace: 'sagemaker', ResourceId: 'inference-component/writer-ic' }),
  );
  return ScheduledActions;
}

/** When the minimum is taken back, in minutes from now. */
async function minutesLeft(): Promise<number> {
  const [action] = await scheduled();
  const at = /^at\((.*)\)$/.exec(action!.Schedule!)![1];
  return (Date.parse(`${at}Z`) - stack.world.nowMs) / MINUTE_MS;
}

const told = async () => (await stack.table.entries('writer', 0)).flatMap(({ entry }) => entry.expiry ?? []);

test('the ledger tells when a raise ends, that it is put off, and that it ends no more', async () => {
  const raisedAtMs = stack.world.nowMs;
  expect((await told())[0]).toEqual({ atMs: expect.any(Number), copies: 1 });
  for (let minute = 0; minute < 35; minute++) {
    await stack.minute(() => 40_000);
    await stack.tick();
  }
  const renewals = (await told()).filter((expiry) => expiry !== 'gone' && expiry.atMs > raisedAtMs + 61 * MINUTE_MS);
  expect(renewals.length).toBeGreaterThan(0);
  await stack.setMinimum(7);
  await stack.minute(() => 100);
  await stack.tick();
  expect((await told()).at(-1)).toBe('gone');
  const story = ledgerStory('writer', await stack.table.entries('writer', 0));
  expect(story).toMatch(/did {6}let the minimum return to 1 at 2026-01-05 \d\d:\d\d UTC, unless that is put off\n/);
  expect(story).toContain('did      remove what was to take the raised minimum back');
});

test('a raised minimum ends within an hour of the last tick', async () => {
  expect(await scheduled()).toMatchObject([
    { ScheduledActionName: 'compound-tuner-expiry', ScalableTargetAction: { MinCapacity: 1 } },
  ]);
  stack.clock.advance(61 * MINUTE_MS);
  expect(await minimum()).toBe(1);
});

test('while the tuner lives and wants it, it stays', async () => {
  const raised = await minimum();
  for (let minute = 1; minute <= 75; minute++) {
    await stack.minute(() => 40_000);
    if (minute % 3 > 0) continue;
    await stack.tick();
    expect(await minutesLeft()).toBeGreaterThan(29);
  }
  expect(await minimum()).toBeGreaterThanOrEqual(raised);
}, 30_000);

test('a tuner that sees nothing lets it end, but not at once', async () => {
  const raised = await minimum();
  stack.aws.faults.add({ calls: 'CloudWatch', outcome: 'unavailable' });
  for (let minute = 0; minute < 55; minute += 5) {
    await stack.tick();
    stack.clock.advance(5 * MINUTE_MS);
  }
  expect(await minimum()).toBe(raised);
  for (let minute = 55; minute < 80; minute += 5) {
    await stack.tick();
    stack.clock.advance(5 * MINUTE_MS);
  }
  expect(await minimum()).toBe(1);
});

test('it is put off while faults pass within a quarter of an hour', async () => {
  const raised = await minimum();
  for (let minute = 1; minute <= 75; minute++) {
    await stack.minute(() => 40_000);
    if (minute % 2 > 0) continue;
    const isRead = minute % 14 === 0;
    const restore = isRead ? () => {} : stack.aws.faults.add({ calls: 'CloudWatch', outcome: 'unavailable' });
    await stack.tick();
    restore();
  }
  expect(await minimum()).toBeGreaterThanOrEqual(raised);
}, 30_000);

test('a minimum that a schedule sets meanwhile has no end', async () => {
  await stack.setMinimum(7);
  await stack.minute(() => 100);
  await stack.tick();
  expect(await scheduled()).toEqual([]);
  stack.clock.advance(61 * MINUTE_MS);
  expect(await minimum()).toBe(7);
});

test('what was live before the raise is what it ends at', async () => {
  await stack.stop();
  stack = await startTuned(16);
  configure();
  await stack.setMinimum(2);
  await raise();
  expect(await minimum()).toBeGreaterThan(2);
  expect(await scheduled()).toMatchObject([{ ScalableTargetAction: { MinCapacity: 2 } }]);
  stack.clock.advance(61 * MINUTE_MS);
  expect(await minimum()).toBe(2);
});

test.each<TunerDeployment['mode']>(['off', 'dry-run'])('switched to %s, the tuner lets it end', async (mode) => {
  configure({ mode });
  for (let minute = 0; minute < 7; minute++) {
    stack.clock.advance(10 * MINUTE_MS);
    await stack.tick();
  }
  expect(await minimum()).toBe(1);
});

test('switched off by a person, the tuner lets it end', async () => {
  await stack.services.killSwitch.turn({ at: new Date(stack.world.nowMs).toISOString(), isOff: true });
  for (let minute = 0; minute < 7; minute++) {
    stack.clock.advance(10 * MINUTE_MS);
    await stack.tick();
  }
  expect(await minimum()).toBe(1);
});

test('a minimum that is back at the configured one has no end', async () => {
  for (let minute = 0; minute < 150 && (await minimum()) > 1; minute++) {
    await stack.minute(() => 100);
    await stack.tick();
  }
  expect(await minimum()).toBe(1);
  expect(await scheduled()).toEqual([]);
});

test('an end that cannot be set up keeps the minimum from being raised', async () => {
  await stack.stop();
  stack = await startTuned(16);
  configure();
  stack.aws.faults.add({ calls: 'ApplicationAutoScaling.PutScheduledAction', outcome: 'throttled' });
  await raise();
  expect(await minimum()).toBe(1);
  const { entry } = (await stack.table.entries('writer', 0)).find((each) => each.entry.actions.length > 0)!;
  expect(entry.actions[0]!.outcome).toMatchObject({ status: 'refused' });
});

test('an end that cannot be put off is told in the ledger, and put off later', async () => {
  const restore = stack.aws.faults.add({ calls: 'ApplicationAutoScaling.PutScheduledAction', outcome: 'throttled' });
  for (let minute = 0; minute < 35; minute++) {
    await stack.minute(() => 40_000);
    await stack.tick();
  }
  const { entry } = (await stack.table.entries('writer', 0)).at(-1)!;
  expect(entry.reasons[0]).toMatch(/^the end of the raised minimum could not be put off: /);
  restore();
  await stack.minute(() => 40_000);
  await stack.tick();
  expect(await minutesLeft()).toBeGreaterThan(55);
});
