import { App, type AppProps } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { CodeReviewStack } from '../../../examples/code-review/stack';
import { StaticBaselineStack } from '../../../examples/static-baseline/stack';
import { SupportAgentStack } from '../../../examples/support-agent/stack';
import { REGION } from '../../support/resolve-template';

/** The context of `cdk.json`, so that built-in validation fails on errors; the code of functions is not bundled. */
export const CONTEXT = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };

/** The app of `bin/app.ts`. */
export function exampleApp(props: AppProps = {}) {
  const app = new App({ context: CONTEXT, ...props });
  const models = CONTEXT['compound:models'];
  const env = { region: REGION };
  return {
    app,
    supportAgent: new SupportAgentStack(app, 'SupportAgent', { env, models }),
    codeReview: new CodeReviewStack(app, 'CodeReview', { env, models }),
    staticBaseline: new StaticBaselineStack(app, 'StaticBaseline', { env, models, instances: 2, copiesPerModel: 2 }),
  };
}
