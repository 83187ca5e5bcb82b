import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
});

afterEach(() => stack.stop());

const entries = () => stack.table.entries('writer', 0);

test('without an objective of its own a component gets its share of that of the agent, once enough runs have come', async () => {
  const { components, ...rest } = deploymentOf();
  const { objectiveMs: _, ...writer } = components.writer!;
  stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...rest, components: { writer } });
  for (let minute = 0; minute < 12; minute++) {
    await stack.minute(() => 1500);
    await stack.tick();
  }
  const [first, ...later] = await entries();
  expect(first!.entry.reasons).toContain('the objective is not split yet: too few runs have been measured');
  // The whole objective: the agent does nothing else.
  const { objectiveMs, split } = later.at(-1)!.entry.seen!;
  expect(objectiveMs / 3000).toBeCloseTo(1, 1);
  expect(split).toEqual({ agent: 'support', basis: 'proportional', proportionalMs: objectiveMs, stretch: 1 });
  const told = later.flatMap(({ entry }) => entry.reasons).filter((reason) => reason.includes('its share'));
  expect(told).toEqual([
    `its share of the objective of support: ${Math.round(objectiveMs)} ms, in proportion to what calm calls take; all shares stretched 1 times`,
  ]);
});

test('an objective that is tightened is split anew at once', async () => {
  const { components, agents, ...rest } = deploymentOf();
  const { objectiveMs: _, ...writer } = components.writer!;
  const configure = (objectiveMs: number) => {
    const support = { ...agents.support!, objectiveMs };
    stack.environment[TUNER_VARIABLE] = JSON.stringify({ ...rest, agents: { support }, components: { writer } });
  };
  configure(3000);
  for (let minute = 0; minute < 12; minute++) {
    await stack.minute(() => 1500);
    await stack.tick();
  }
  configure(2000);
  await stack.minute(() => 1500);
  await stack.tick();
  expect((await entries()).at(-1)!.entry.seen!.objectiveMs / 2000).toBeCloseTo(1, 1);
});

test('the minimum follows the forecast, within the bounds, and the maximum stays', async () => {
  stack.environment[TUNER_VARIABLE] = JSON.stringify(
    deploymentOf({ mechanisms: { targets: false, burstGuard: false } }),
  );
  // A call a second, of 16 seconds each: 16 at once, of which one copy may hold 16.
  await stack.minute(() => 20_000);
  for (let minute = 0; minute < 3; minute++) {
    await stack.minute(() => 40_000);
    await stack.tick();
  }
  expect(await stack.bounds()).toMatchObject({ MinCapacity: expect.any(Number), MaxCapacity: 8 });
  const { MinCapacity } = await stack.bounds();
  expect(MinCapacity).toBeGreaterThan(1);
  expect(MinCapacity).toBeLessThanOrEqual(8);
  const written = (await entries()).flatMap(({ entry }) => entry.actions);
  expect(written[0]).toMatchObject({ action: { type: 'set-minimum' }, outcome: { status: 'done' } });
});

test('a live maximum below that of the deployment is heeded', async () => {
  stack.environment[TUNER_VARIABLE] = JSON.stringify(
    deploymentOf({ mechanisms: { targets: false, burstGuard: false } }),
  );
  await stack.setMaximum(2);
  for (let minute = 0; minute < 4; minute++) {
    await stack.minute(() => 90_000);
    await stack.tick();
  }
  expect(await stack.bounds()).toMatchObject({ MinCapacity: 2, MaxCapacity: 2 });
});
