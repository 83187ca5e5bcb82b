import { Template } from 'aws-cdk-lib/assertions';
import { type WarmerConfig, warmerConfigFaults } from '../../../core/warm';
import { Agent, type IComponent, Spillover } from '../../../lib';
import type { PrewarmedComponent } from '../../../lib/warming/prewarming-props';
import { resolveTemplate } from '../../support/resolve-template';
import { containerModel } from '../fleet/component-world';
import { faultsOf } from '../support/faults-of';
import { CODE, support, WarmingWorld } from './warming-world';

/** The writer has copies of its own, and goes on to the imported model. */
class SpillingWorld extends WarmingWorld {
  readonly dedicated = this.fleet.addComponent('Dedicated', {
    model: containerModel(),
    resources: { accelerators: 1, cpuCores: 8, memoryMiB: 32 * 1024 },
  });

  prewarm(
    alternatives: readonly IComponent[],
    componentsOf: (spillover: Spillover) => readonly PrewarmedComponent[] = () => [],
  ): void {
    const writer = Spillover.of(alternatives);
    const { planner, search } = this;
    const agent = new Agent(this.stack, 'Spilling', {
      graph: support,
      code: CODE,
      components: { planner, writer, search },
    });
    agent.prewarm({ monthlyBudget: 300, components: componentsOf(writer) });
  }

  get config(): WarmerConfig {
    const { Resources } = resolveTemplate(Template.fromStack(this.stack).toJSON() as never);
    const variables = Object.values(Resources).map(({ Properties }) => Properties?.Environment?.Variables);
    return JSON.parse(variables.find((some) => some?.COMPOUND_WARMER)!.COMPOUND_WARMER);
  }
}

test('of a spillover the first backend is warmed, and what it falls back on is left alone', () => {
  const world = new SpillingWorld();
  world.dedicated.autoScaleCopies({ min: 0, max: 3, targetConcurrency: 8 });
  world.prewarm([world.dedicated, world.writer]);
  const { config } = world;
  expect(warmerConfigFaults(config)).toEqual([]);
  expect(config.agents.support!.components).toMatchObject({ writer: 'sagemaker/Test/Gpu/Dedicated' });
  expect(Object.keys(config.backends)).toEqual(['sagemaker/Test/Gpu/Planner', 'sagemaker/Test/Gpu/Dedicated']);
});

test('an imported model that is asked first has its price by the spillover or by itself', () => {
  const [bySpillover, byItself] = [new SpillingWorld(), new SpillingWorld()];
  const { search } = bySpillover;
  bySpillover.prewarm([bySpillover.writer, search], (component) => [{ component, customModelUnits: 2 }]);
  byItself.prewarm([byItself.writer, byItself.search], () => [{ component: byItself.writer, customModelUnits: 2 }]);
  for (const { config } of [bySpillover, byItself]) {
    expect(config.backends['bedrock/Test/Writer']!.pricePerHourUsd).toBeCloseTo(6.8616, 4);
  }
});

test('a spillover can be left alone', () => {
  const world = new SpillingWorld();
  world.dedicated.autoScaleCopies({ min: 0, max: 3, targetConcurrency: 8 });
  world.prewarm([world.dedicated, world.writer], (component) => [{ component, excluded: true }]);
  expect(Object.keys(world.config.backends)).toEqual(['sagemaker/Test/Gpu/Planner']);
});

test('scaling that the first backend gets after its pre-warming was made is refused', () => {
  const world = new SpillingWorld();
  world.prewarm([world.dedicated, world.writer]);
  world.dedicated.autoScaleCopies({ min: 0, max: 3, targetConcurrency: 8 });
  expect(() => Template.fromStack(world.stack)).toThrow(/Test\/Gpu\/Dedicated got autoScaleCopies after.*scaled-later/);
});

test('what is said of a fallback, or of one backend twice, is refused with what to do', () => {
  const world = new SpillingWorld();
  const faults = faultsOf(() =>
    world.prewarm([world.dedicated, world.writer], (component) => [
      { component },
      { component: world.dedicated, excluded: true },
      { component: world.writer, customModelUnits: 2 },
    ]),
  );
  expect(faults).toEqual([
    { id: 'prewarming/component-twice', field: 'components[1].component', message: expect.any(String) },
    {
      id: 'prewarming/component-fallback',
      field: 'components[2].component',
      message: expect.stringContaining('only the first backend of a Spillover is warmed'),
    },
  ]);
});
