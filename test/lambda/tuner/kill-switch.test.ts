import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { deploymentOf, startTuned, TABLE, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
});

afterEach(() => stack.stop());

const turn = (isOff: boolean, reason?: string) =>
  stack.services.killSwitch.turn({ at: new Date(stack.world.nowMs).toISOString(), isOff, ...(reason && { reason }) });
const target = async () => (await stack.policy()).TargetValue;

async function overload(minutes = 2): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) await stack.minute();
}

test('a tuner that is switched off does nothing, and asks AWS for nothing but its switch', async () => {
  await turn(true);
  await overload();
  const services = ['CloudWatch', 'ApplicationAutoScaling', 'SageMaker'] as const;
  const restores = services.map((calls) => stack.aws.faults.add({ calls, outcome: 'unavailable' }));
  expect(await stack.tick()).toMatchObject({ status: 'switched off', components: 0, done: 0 });
  for (const restore of restores) restore();
  expect(await target()).toBe(16);
  expect(await stack.table.entries('writer', 0)).toEqual([]);
  expect(JSON.parse(stack.lines.at(-1)!)).toMatchObject({ message: 'tick', service: 'tuner', SwitchedOff: 1 });
});

test('it stays off through deployments and time, until it is switched on', async () => {
  await turn(true);
  stack.clock.advance(60_000);
  await turn(false);
  stack.clock.advance(60_000);
  await turn(true, 'load test');
  await overload();
  stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...deploymentOf(), revision: 'next', ledgerDays: 1 });
  expect(await stack.tick()).toMatchObject({ status: 'switched off' });
  stack.clock.advance(2 * 3_600_000);
  expect(await stack.tick()).toMatchObject({ status: 'switched off' });
  await turn(false);
  await overload(6);
  expect(await stack.tick()).toMatchObject({ status: 'done', done: 1 });
  expect(await target()).toBe(12);
  expect(JSON.parse(stack.lines.at(-1)!)).toMatchObject({ SwitchedOff: 0 });
});

test('what is turned last counts, also by a clock that is slow', async () => {
  const { killSwitch } = stack.services;
  await killSwitch.turn({ at: '2026-01-05T00:10:00.000Z', isOff: true });
  const made = await killSwitch.turn({ at: '2026-01-05T00:05:00.000Z', isOff: false });
  expect(made).toEqual({ at: '2026-01-05T00:10:00.001Z', isOff: false });
  expect(await killSwitch.lastTurn()).toEqual(made);
});

test('a table that cannot be read keeps a tick from doing anything', async () => {
  await overload();
  const restore = stack.aws.faults.add({ calls: 'DynamoDB.Query', outcome: 'unavailable' });
  await expect(stack.tick()).rejects.toThrow();
  expect(await target()).toBe(16);
  restore();
  expect(await stack.table.entries('writer', 0)).toEqual([]);
});

test('a turn that cannot be understood counts as off', async () => {
  const item = { component: { S: '@switch' }, at: { S: '2026-01-05T00:00:00.000Z' }, schema: { N: '9' } };
  await stack.clients.dynamo.send(new PutItemCommand({ TableName: TABLE, Item: item }));
  await overload();
  expect(await stack.tick()).toMatchObject({ status: 'switched off' });
  expect(await stack.services.killSwitch.turns()).toEqual([
    { at: '2026-01-05T00:00:00.000Z', isOff: true, reason: 'written in schema 9, 1 is read here' },
  ]);
});
