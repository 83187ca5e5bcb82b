import { Timeline } from '../../../sim/kernel/timeline';
import { importedModel8b, inferenceComponent8b, singleGpuFleet } from '../../../sim/world/presets';
import { World, type WorldOptions } from '../../../sim/world/world';
import type { WorldModel } from '../../../sim/world/world-model';

const MODEL: WorldModel = {
  fleets: { gpu: { ...singleGpuFleet, maxInstances: 4 } },
  components: {
    planner: inferenceComponent8b,
    writer: { ...inferenceComponent8b, scaling: { ...inferenceComponent8b.scaling, minCopies: 1 } },
    critic: importedModel8b,
    search: { kind: 'tool', durationMs: 100, pricePerCallUsd: 0.01 },
  },
};

function start(options: Partial<WorldOptions> = {}, model = MODEL) {
  const timeline = new Timeline();
  return { timeline, world: new World(model, { timeline, seed: 1, ...options }) };
}

const copiesOf = (world: World) => Object.fromEntries(world.models.map(({ name, pool }) => [name, pool.inService]));

test('components begin with their minimum, on the instances that it takes', () => {
  const { world } = start();
  expect(copiesOf(world)).toEqual({ planner: 0, writer: 1, critic: 0 });
  expect(world.instanceCount).toBe(1);
});

test('or with more, where that is asked for', () => {
  const { world } = start({ initialCopies: { planner: 2, critic: 1 } });
  expect(copiesOf(world)).toEqual({ planner: 2, writer: 1, critic: 1 });
});

test('fixed copies never change, whatever the limits of the fleet', () => {
  const { world, timeline } = start({ fixedCopies: { planner: 3, writer: 3 } });
  expect(world.models.map(({ autoscaler }) => autoscaler !== undefined)).toEqual([false, false, true]);
  timeline.advanceTo(86_400e6);
  expect(copiesOf(world)).toMatchObject({ planner: 3, writer: 3 });
  expect(world.instanceCount).toBe(6);
  expect(world.instanceHours(0, 86_400e6)).toBeCloseTo(6 * 24);
  expect(world.costUsd(0, 86_400e6)).toBeCloseTo(6 * 24 * 1.222);
});

test('the bill is that of fleets, imported models and tools', () => {
  const { world, timeline } = start({ initialCopies: { critic: 1 } });
  const work = { promptTokens: 10, outputTokens: 10 };
  world.server('critic').submit(work, { onDone: () => {} }, 0.5);
  world.server('search').submit(work, { onDone: () => {} }, 0.5);
  timeline.advanceTo(60e6);
  expect(world.costUsd(0, 60e6)).toBeCloseTo(1.222 / 60 + 2 * 0.05718 * 5 + 0.01);
});

test('a fleet or a component that is not there is named', () => {
  const lost = { ...MODEL, fleets: {} };
  expect(() => start({}, lost)).toThrow('component planner is on fleet gpu, which the world does not have');
  expect(() => start().world.server('painter')).toThrow(
    'the world has no component painter; it has: planner, writer, critic, search',
  );
});

test('more copies at the beginning than the fleet holds are an error', () => {
  expect(() => start({ initialCopies: { planner: 4 } })).toThrow('the fleet is at its maxInstances, 4');
});
