import { Template } from 'aws-cdk-lib/assertions';
import type { WarmerConfig } from '../../../core/warm';
import { Agent, ImportedModel } from '../../../lib';
import { resolveTemplate } from '../../support/resolve-template';
import { containerModel } from '../fleet/component-world';
import { CODE, support, WarmingWorld } from './warming-world';

test('what the components say of their prices themselves need not be said again', () => {
  const { stack, fleet, weights, search } = new WarmingWorld();
  const planner = fleet.addComponent('Discounted', {
    model: containerModel(),
    resources: { accelerators: 1, cpuCores: 8, memoryMiB: 32 * 1024 },
    price: { perCopyHourUsd: 0.9, concurrencyPerCopy: 8 },
  });
  planner.autoScaleCopies({ min: 0, max: 6, targetConcurrency: 8 });
  const writer = new ImportedModel(stack, 'Measured', {
    weights: { bucket: weights, prefix: 'writer/v2' },
    customModelUnits: 4,
  });
  const agent = new Agent(stack, 'Priced', { graph: support, code: CODE, components: { planner, writer, search } });
  agent.prewarm({ monthlyBudget: 300 });
  const { Resources } = resolveTemplate(Template.fromStack(stack).toJSON() as never);
  const variables = Object.values(Resources).map(
    ({ Properties }) => Properties?.Environment?.Variables?.COMPOUND_WARMER,
  );
  const { backends }: WarmerConfig = JSON.parse(variables.find(Boolean));
  expect(backends['sagemaker/Test/Gpu/Discounted']!.pricePerHourUsd).toBe(0.9);
  expect(backends['bedrock/Test/Measured']!.pricePerHourUsd).toBeCloseTo(4 * 3.4308, 4);
});
