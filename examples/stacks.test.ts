import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../cdk.json';
import { addExamples } from './stacks';

const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
const stacks = Object.values(addExamples(app, { region: 'us-east-1' }));

// The warnings of what a first deployment bills.
jest.spyOn(console, 'error').mockImplementation();

/** Hashes of assets change with every edit of the code: masked, so that only the infrastructure counts. */
test.each(stacks)('the template of $artifactId is the one that was reviewed', (stack) => {
  const template = JSON.stringify(Template.fromStack(stack).toJSON()).replaceAll(/[0-9a-f]{64}/g, '(hash)');
  expect(JSON.parse(template)).toMatchSnapshot();
});
