// The CDK app of the examples: `npm run cdk -- synth`, `npm run cdk -- deploy SupportAgent`. See docs/deploy.md.
import { App } from 'aws-cdk-lib';
import { addExamples } from '../examples/stacks';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region = 'us-east-1' } = process.env;

addExamples(new App(), { account, region });
