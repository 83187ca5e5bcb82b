import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { CodeReviewStack } from '../../examples/code-review/stack';
import { StaticBaselineStack } from '../../examples/static-baseline/stack';
import { SupportAgentStack } from '../../examples/support-agent/stack';
const context = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
const t0=Date.now();
const app = new App({ context: {...context, 'aws:cdk:bundling-stacks': []} });
const models = context['compound:models'];
const env={region:'us-east-1'};
new SupportAgentStack(app, 'SupportAgent', { env, models });
new CodeReviewStack(app, 'CodeReview', { env, models });
new StaticBaselineStack(app, 'StaticBaseline', { env, models, instances: 2, copiesPerModel: 2 });
console.log('construct', Date.now()-t0);
for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks(), new NIST80053R5Checks()]) {
  const t=Date.now();
  const r = pack.validateScope(app);
  console.log(pack.name, Date.now()-t);
  for (const v of r.violations) { console.log(' ', v.severity, v.ruleName, '--', v.description); for (const x of v.violatingResources) console.log('       ', (x as any).constructPath);}
}
