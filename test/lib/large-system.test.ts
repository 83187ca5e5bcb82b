import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { InferenceFleet, InferenceInstanceType, InferenceModel } from '../../lib';
import { LargeSystem } from './support/large-system';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const RESOURCES_OF_A_STACK = 500;

test('100 autoscaled components and 10 agents fit into one app, well below the limit of each stack', () => {
  const app = new App();
  new LargeSystem(app, 'Large', { code: Code.fromInline('exports.handler = async () => ({});') });
  const { directory } = app.synth();
  const templates = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  const counts = templates.map(
    (name) => Object.keys(JSON.parse(readFileSync(join(directory, name), 'utf8')).Resources).length,
  );
  expect(counts).toHaveLength(1 + 4 + 10);
  expect(Math.max(...counts)).toBeLessThan(RESOURCES_OF_A_STACK / 2);
});

test('components that do not fit into one stack are told where to go', () => {
  const stack = new Stack(new App(), 'Models');
  const fleet = new InferenceFleet(stack, 'Gpu', {
    instanceTypes: [InferenceInstanceType.of('ml.g6.48xlarge')],
    maxInstances: 100,
  });
  for (let i = 0; i < 100; i++) {
    const component = fleet.addComponent(`Model${i}`, {
      model: InferenceModel.fromSageMakerModelName(`model${i}`),
      resources: { accelerators: 1, memoryMiB: 1024 },
    });
    component.autoScaleCopies({ min: 0, max: 1, targetConcurrency: 8 });
  }
  expect(() => Template.fromStack(stack)).toThrow(
    /stack "Models" has 50\d resources, and CloudFormation takes 500: make components in nested stacks, as in new Infer/,
  );
});
