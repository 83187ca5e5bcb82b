import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LargeSystem } from '../lib/support/large-system';

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
