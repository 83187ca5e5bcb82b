// The CDK app of the examples: `npx cdk synth`, `npx cdk deploy SupportAgent`. See docs/deploy.md.
import { App } from 'aws-cdk-lib';
import { CodeReviewStack } from '../examples/code-review/stack';
import type { ModelStoreProps } from '../examples/shared/model-store';
import { StaticBaselineStack } from '../examples/static-baseline/stack';
import { SupportAgentStack } from '../examples/support-agent/stack';

const app = new App();
const models: ModelStoreProps = app.node.getContext('compound:models');
const env = {
  region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1',
  ...(process.env.CDK_DEFAULT_ACCOUNT && { account: process.env.CDK_DEFAULT_ACCOUNT }),
};

new SupportAgentStack(app, 'SupportAgent', { env, models });
new CodeReviewStack(app, 'CodeReview', { env, models });
new StaticBaselineStack(app, 'StaticBaseline', { env, models, instances: 2, copiesPerModel: 2 });
