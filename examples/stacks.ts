import type { App, Environment } from 'aws-cdk-lib';
import { CodeReviewStack } from './code-review/stack';
import { ResearchAgentStack } from './research-agent/stack';
import { StaticBaselineStack } from './static-baseline/stack';
import { SupportAgentStack } from './support-agent/stack';

/** All examples in one app, with models from where its context `compound:models` says. */
export function addExamples(app: App, env: Environment) {
  const models = app.node.getContext('compound:models');
  return {
    supportAgent: new SupportAgentStack(app, 'SupportAgent', { env, models }),
    codeReview: new CodeReviewStack(app, 'CodeReview', { env, models }),
    researchAgent: new ResearchAgentStack(app, 'ResearchAgent', { env, models }),
    staticBaseline: new StaticBaselineStack(app, 'StaticBaseline', { env, models, instances: 2, copiesPerModel: 2 }),
  };
}
